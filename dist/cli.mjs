#!/usr/bin/env node
import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{a as y,b as v,c as i,d as w,e as l,g as C,h as T,i as x,j as $,k as F,l as u}from"./chunks/chunk-WZGJ3V6P.mjs";import{E as p,F as k,S as m,T as E,V as b,W as O}from"./chunks/chunk-YF6CZB3C.mjs";import"./chunks/chunk-FAJCRSEZ.mjs";import{a,c,g as d}from"./chunks/chunk-CXOMIWLD.mjs";import"./chunks/chunk-HIHLKYJB.mjs";import"./chunks/chunk-G2LHSCRV.mjs";import{randomUUID as P}from"node:crypto";import{lstat as U,rm as X,writeFile as _}from"node:fs/promises";import{homedir as B,tmpdir as j}from"node:os";import{isAbsolute as V,join as L}from"node:path";import{parseArgs as R}from"node:util";var o={verified:0,findings:1,usage:2,couldNotCheck:3,bug:70},S=`verify-image-arch IMAGE… [options]
verify-image-arch --dockerfile GLOB… [--platforms LIST] [options]

Says, for each platform that an image claims, whether the kernel of that platform would start it.
Nothing in the image is executed.

IMAGE is a reference (see --source) or, with a transport,
  docker://REF                 in a registry, read without an engine
  docker-daemon:REF            what the docker engine already holds
  oci:DIR[:TAG]                an OCI image layout
  oci-archive:FILE[:TAG]       the same in a tar: buildx type=oci, skopeo, podman
  docker-archive:FILE[:REF]    docker save, buildx type=docker

  --source SOURCE         how a reference is read: docker (docker create, docker cp; the default) or registry
  --platforms LIST        the platforms that must be there and right (default: every platform of the index)
  --scope SCOPE           entrypoint: what starts, and all it hands over to; essential: that, the HEALTHCHECK, and
                          /bin/sh, the loaders and libc; image: that, and every file (default: ${i.scope})
  --fail-on LEVEL         error, warning or never (default: ${i.failOn})
  --rule ID=LEVEL         error, warning, note or off for one rule; may be repeated
  --ignore GLOB           files left out of the whole-image scan: an absolute glob, with a reason after " #"; may be repeated
  --baseline IMAGE        an image whose platforms this one must still have: the last release
  --dockerfile GLOB       Dockerfiles to check, with an image or without one; may be repeated
  --cache                 keep what is read of layers in $XDG_CACHE_HOME, and use what is there
  --concurrency N         images and platforms read at once (default: ${i.concurrency})
  --insecure-registry HOST[:PORT]
                          a registry that may be accessed over plain HTTP; may be repeated
  --limits NAME=VALUE     a limit to raise, such as layer-bytes=128GiB (docs/threat-model.md); may be repeated
  --timeout TIME          how long the check may take: 90s, 30m, 2h; 0 for no limit (default: ${i.timeout})
  --format FORMAT         ${m.join(", ")} (default: text)
  --output FILE           write the report there instead of standard output
  --help, --version

Exit codes: ${o.verified} verified, ${o.findings} findings at or above --fail-on, ${o.usage} wrong usage, ${o.couldNotCheck} could not check.
`;async function I(e,t){try{let r=M(e);if(r==="help")return t.stdout(S),o.verified;if(r==="version")return t.stdout(`verify-image-arch ${t.version}
`),o.verified;let{options:n}=r,s=await v(n.timeout,t.limitTime,()=>y(n,t.open,t.version,t.readDockerfiles,t.hints)),g=b(s,r.format,{color:t.color&&r.output===void 0});return r.output===void 0?t.stdout(g):await D(t,r.output,g),G(s,r.options)}catch(r){return t.stderr(k(H(r))),r instanceof a?o.usage:r instanceof c?o.couldNotCheck:o.bug}}async function D(e,t,r){try{await e.writeFile(t,r)}catch(n){throw new c("unavailable",`the report cannot be written to ${t}: ${d(n)}`,{hint:"Name a file (--output) in a folder that is there and may be written to, on a disk with room.",cause:n})}}function G(e,{failOn:t}){return e.verdict==="fail"&&t!=="never"?o.findings:o.verified}function M(e){let{values:t,positionals:r}=N(e);if(t.help===!0)return"help";if(t.version===!0)return"version";let n=t.format??"text";if(!E(n))throw new a(`--format: expected ${m.join(", ")}, got ${JSON.stringify(n)}`);return{options:w({image:r,metadata:"",platforms:(t.platforms??[]).flatMap(l),source:t.source??i.source,scope:t.scope??i.scope,failOn:t["fail-on"]??i.failOn,rules:t.rule??[],ignore:t.ignore??[],baseline:t.baseline??"",dockerfile:t.dockerfile??[],cache:String(t.cache??i.cache),concurrency:t.concurrency??i.concurrency,insecureRegistries:(t["insecure-registry"]??[]).flatMap(l),limits:(t.limits??[]).flatMap(l),timeout:t.timeout??i.timeout}),format:n,output:t.output}}function N(e){try{return R({args:[...e],allowPositionals:!0,options:{platforms:{type:"string",multiple:!0},source:{type:"string"},scope:{type:"string"},"fail-on":{type:"string"},rule:{type:"string",multiple:!0},ignore:{type:"string",multiple:!0},baseline:{type:"string"},dockerfile:{type:"string",multiple:!0},cache:{type:"boolean"},concurrency:{type:"string"},"insecure-registry":{type:"string",multiple:!0},limits:{type:"string",multiple:!0},timeout:{type:"string"},format:{type:"string"},output:{type:"string"},help:{type:"boolean",short:"h"},version:{type:"boolean"}}})}catch(t){throw new a(d(t),{hint:"See verify-image-arch --help.",cause:t})}}function H(e){return e instanceof a||e instanceof c?`verify-image-arch: ${e.message}
${e.hint===void 0?"":`${e.hint}
`}`:`verify-image-arch: this is a bug, please report it
${e instanceof Error?e.stack:String(e)}
`}function W({XDG_CACHE_HOME:e}){let t=e===void 0||!V(e)?L(B(),".cache"):e;return L(t,"verify-image-arch")}async function J(e,t){try{await _(e,t)}catch(r){throw await U(e).then(s=>s.isFile(),()=>!1)&&await X(e,{force:!0}),r}}$();var K=P(),A=C(e=>process.stderr.write(`verify-image-arch: ${p(e)}
`)),f=F(A),h=!0;process.stdout.on("error",e=>{h&&process.stderr.write(`verify-image-arch: the report cannot be written to standard output: ${e.message}
Keep what reads it until the end, or write it to a file (--output).
`),h=!1,process.exitCode=o.couldNotCheck});process.stderr.on("error",()=>{});I(process.argv.slice(2),{version:u,open:O({env:process.env,signal:f.signal,waits:A,run:K,announceDaemon:()=>{},announcePull:()=>{},mask:()=>{},warn:e=>process.stderr.write(`verify-image-arch: ${p(e)}
`),progress:e=>process.stderr.write(`verify-image-arch: ${p(e)}
`),temporary:j(),version:u,cache:{folder:W(process.env)}}),readDockerfiles:e=>T(e,process.cwd()),limitTime:f.limitTime,hints:{readWorkspaceFile:e=>x(e,process.cwd())},stdout:e=>process.stdout.write(e),stderr:e=>process.stderr.write(e),writeFile:J,color:process.stdout.isTTY===!0&&process.env.NO_COLOR===void 0}).then(e=>{process.exitCode=f.exitCode()??(h?e:o.couldNotCheck)});
