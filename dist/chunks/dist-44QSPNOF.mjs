import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{a}from"./chunk-XXACL4OT.mjs";import"./chunk-5Z5YUKAW.mjs";export default a();
