import{createRequire}from'node:module';const require=createRequire(import.meta.url);
var n={run:"run",daemon:"daemon",pulls:"pulls"};export{n as a};
