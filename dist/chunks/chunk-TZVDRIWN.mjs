import{createRequire}from'node:module';const require=createRequire(import.meta.url);
function u([n=0,e=0],[o=0,r=0]){return n-o||e-r}export{u as a};
