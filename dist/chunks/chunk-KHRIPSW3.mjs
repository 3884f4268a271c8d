import{createRequire}from'node:module';const require=createRequire(import.meta.url);
function u(e){let n={};for(let t of Object.keys(e)){let r=e[t];o(r)&&(n[t]=r)}return n}function o(e){return e!==void 0}function d(e){return{ok:!0,value:e}}function i(e){return{ok:!1,problem:e}}function l(e){throw new Error(`unexpected ${JSON.stringify(e)}`)}export{u as a,d as b,i as c,l as d};
