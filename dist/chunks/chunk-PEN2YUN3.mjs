import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{a as o}from"./chunk-MNAS5BK7.mjs";function m({version:e,digest:i}){return{version:e,...o({digest:i}),door:"command"}}export{m as a};
