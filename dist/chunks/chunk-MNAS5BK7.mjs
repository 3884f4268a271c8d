import{createRequire}from'node:module';const require=createRequire(import.meta.url);
function i(e){let n={};for(let d of Object.keys(e)){let f=e[d];u(f)&&(n[d]=f)}return n}function u(e){return e!==void 0}export{i as a};
