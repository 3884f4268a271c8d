import{createRequire}from'node:module';const require=createRequire(import.meta.url);
function r(n){return typeof n=="object"&&n!==null&&!Array.isArray(n)}export{r as a};
