import{createRequire}from'node:module';const require=createRequire(import.meta.url);
function a(r){let t=Math.max(1,r),i=[];return async n=>{t>0?t-=1:await new Promise(e=>i.push(e));try{return await n()}finally{let e=i.shift();e?e():t+=1}}}export{a};
