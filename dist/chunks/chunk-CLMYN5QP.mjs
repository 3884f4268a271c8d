import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{pa as o}from"./chunk-GNPVN3C2.mjs";import{setTimeout as n}from"node:timers/promises";var m={now:()=>performance.now(),sleep:async(e,r)=>{try{await n(e,void 0,{signal:r})}catch{throw o()}},random:()=>Math.random()};export{m as a};
