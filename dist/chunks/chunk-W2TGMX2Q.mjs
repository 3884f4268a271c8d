import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{a as e,g as a}from"./chunk-L6XFVU4N.mjs";async function m({file:o,spoken:i,today:c,read:s}){let n;try{n=await s(o)}catch(r){throw new e(`${i}: ${o} cannot be read: ${a(r)}`,{cause:r})}let{parsePolicy:l}=await import("./parse-policy-2CMST75Y.mjs"),t=l(n,{file:o,today:c});if(t.ok)return t.value;let y=t.problem.split(`
`).map(r=>`${i}: ${o}:${r}`);throw new e(y.join(`
`),{hint:"The keys and values are in docs/policy.md."})}export{m as a};
