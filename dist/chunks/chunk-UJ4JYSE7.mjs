import{createRequire}from'node:module';const require=createRequire(import.meta.url);
var{Agent:e,request:t}=process.getBuiltinModule("node:http");export{e as a,t as b};
