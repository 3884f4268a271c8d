import{createRequire}from'node:module';const require=createRequire(import.meta.url);
function r(e){return{ok:!0,value:e}}function t(e){return{ok:!1,problem:e}}function n(e){throw new Error(`unexpected ${JSON.stringify(e)}`)}export{r as a,t as b,n as c};
