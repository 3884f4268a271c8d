import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{c as t}from"./chunk-L6XFVU4N.mjs";var l=15e3,s=500,a=["not-found","blob-missing"];function d({clock:r,signal:i}){let n;return async c=>{for(let e=s;;e*=2){try{return await c()}catch(o){if(!(o instanceof t)||!a.includes(o.code)||(n??=r.now()+l,r.now()+e>n))throw o}await r.sleep(e,i)}}}export{d as a};
