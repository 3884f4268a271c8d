import{createRequire}from'node:module';const require=createRequire(import.meta.url);
<<<<<<<< HEAD:dist/chunks/chunk-OEZOW7DH.mjs
import{a as e,g as a}from"./chunk-TZHMYJDH.mjs";async function m({file:o,spoken:i,today:c,read:s}){let n;try{n=await s(o)}catch(r){throw new e(`${i}: ${o} cannot be read: ${a(r)}`,{cause:r})}let{parsePolicy:l}=await import("./parse-policy-XQTM7262.mjs"),t=l(n,{file:o,today:c});if(t.ok)return t.value;let y=t.problem.split(`
========
import{a as e,g as a}from"./chunk-TZHMYJDH.mjs";async function m({file:o,spoken:i,today:c,read:s}){let n;try{n=await s(o)}catch(r){throw new e(`${i}: ${o} cannot be read: ${a(r)}`,{cause:r})}let{parsePolicy:l}=await import("./parse-policy-D6OIB7XH.mjs"),t=l(n,{file:o,today:c});if(t.ok)return t.value;let y=t.problem.split(`
>>>>>>>> 3d5d4801 (Check a fleet on Kubernetes, Argo Workflows and GitLab CI):dist/chunks/chunk-3TVWJSHW.mjs
`).map(r=>`${i}: ${o}:${r}`);throw new e(y.join(`
`),{hint:"The keys and values are in docs/policy.md."})}export{m as a};
