import{createRequire}from'node:module';const require=createRequire(import.meta.url);
function i({version:o,digest:e}){return{version:o,digest:e,door:"command"}}export{i as a};
