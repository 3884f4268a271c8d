import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{a,b}from"./chunk-UJ4JYSE7.mjs";import"./chunk-5Z5YUKAW.mjs";export{a as Agent,b as request};
