#!/usr/bin/env node
import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{a as h,b as n,c as g,d as l,f as E,g as b,h as C,i as O,j as u}from"./chunks/chunk-M2TABTWH.mjs";import{E as d,F as y,S as f,T as v,V as w,W as k}from"./chunks/chunk-GUWKHK5P.mjs";import"./chunks/chunk-C6BBLZWA.mjs";import{a,c,g as p}from"./chunks/chunk-OKUEND65.mjs";import"./chunks/chunk-KHRIPSW3.mjs";import"./chunks/chunk-G2LHSCRV.mjs";import{randomUUID as G}from"node:crypto";import{lstat as H,rm as N,writeFile as P}from"node:fs/promises";import{homedir as M,tmpdir as U}from"node:os";import{isAbsolute as X,join as F}from"node:path";import{parseArgs as $}from"node:util";var o={verified:0,findings:1,usage:2,couldNotCheck:3,bug:70},L=`verify-image-arch IMAGE… [options]
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
                          /bin/sh, the loaders and libc; image: that, and every file (default: ${n.scope})
  --fail-on LEVEL         error, warning or never (default: ${n.failOn})
  --rule ID=LEVEL         error, warning, note or off for one rule; may be repeated
  --ignore GLOB           files left out of the whole-image scan: an absolute glob, with a reason after " #"; may be repeated
  --baseline IMAGE        an image whose platforms this one must still have: the last release
  --dockerfile GLOB       Dockerfiles to check, with an image or without one; may be repeated
  --cache                 keep what is read of layers in $XDG_CACHE_HOME, and use what is there
  --concurrency N         images and platforms read at once (default: ${n.concurrency})
  --insecure-registry HOST[:PORT]
                          a registry that may be accessed over plain HTTP; may be repeated
  --format FORMAT         ${f.join(", ")} (default: text)
  --output FILE           write the report there instead of standard output
  --help, --version

Exit codes: ${o.verified} verified, ${o.findings} findings at or above --fail-on, ${o.usage} wrong usage, ${o.couldNotCheck} could not check.
`;async function x(e,r){try{let t=R(e);if(t==="help")return r.stdout(L),o.verified;if(t==="version")return r.stdout(`verify-image-arch ${r.version}
`),o.verified;let i=await h(t.options,r.open,r.version,r.readDockerfiles,r.hints),s=w(i,t.format,{color:r.color&&t.output===void 0});return t.output===void 0?r.stdout(s):await T(r,t.output,s),A(i,t.options)}catch(t){return r.stderr(y(D(t))),t instanceof a?o.usage:t instanceof c?o.couldNotCheck:o.bug}}async function T(e,r,t){try{await e.writeFile(r,t)}catch(i){throw new c("unavailable",`the report cannot be written to ${r}: ${p(i)}`,{hint:"Name a file (--output) in a folder that is there and may be written to, on a disk with room.",cause:i})}}function A(e,{failOn:r}){return e.verdict==="fail"&&r!=="never"?o.findings:o.verified}function R(e){let{values:r,positionals:t}=S(e);if(r.help===!0)return"help";if(r.version===!0)return"version";let i=r.format??"text";if(!v(i))throw new a(`--format: expected ${f.join(", ")}, got ${JSON.stringify(i)}`);return{options:g({image:t,metadata:"",platforms:(r.platforms??[]).flatMap(l),source:r.source??n.source,scope:r.scope??n.scope,failOn:r["fail-on"]??n.failOn,rules:r.rule??[],ignore:r.ignore??[],baseline:r.baseline??"",dockerfile:r.dockerfile??[],cache:String(r.cache??n.cache),concurrency:r.concurrency??n.concurrency,insecureRegistries:(r["insecure-registry"]??[]).flatMap(l)}),format:i,output:r.output}}function S(e){try{return $({args:[...e],allowPositionals:!0,options:{platforms:{type:"string",multiple:!0},source:{type:"string"},scope:{type:"string"},"fail-on":{type:"string"},rule:{type:"string",multiple:!0},ignore:{type:"string",multiple:!0},baseline:{type:"string"},dockerfile:{type:"string",multiple:!0},cache:{type:"boolean"},concurrency:{type:"string"},"insecure-registry":{type:"string",multiple:!0},format:{type:"string"},output:{type:"string"},help:{type:"boolean",short:"h"},version:{type:"boolean"}}})}catch(r){throw new a(p(r),{hint:"See verify-image-arch --help.",cause:r})}}function D(e){return e instanceof a||e instanceof c?`verify-image-arch: ${e.message}
${e.hint===void 0?"":`${e.hint}
`}`:`verify-image-arch: this is a bug, please report it
${e instanceof Error?e.stack:String(e)}
`}function _({XDG_CACHE_HOME:e}){let r=e===void 0||!X(e)?F(M(),".cache"):e;return F(r,"verify-image-arch")}async function j(e,r){try{await P(e,r)}catch(t){throw await H(e).then(s=>s.isFile(),()=>!1)&&await N(e,{force:!0}),t}}C();var B=G(),I=O(),m=!0;process.stdout.on("error",e=>{m&&process.stderr.write(`verify-image-arch: the report cannot be written to standard output: ${e.message}
Keep what reads it until the end, or write it to a file (--output).
`),m=!1,process.exitCode=o.couldNotCheck});process.stderr.on("error",()=>{});x(process.argv.slice(2),{version:u,open:k({env:process.env,signal:I.signal,run:B,announceDaemon:()=>{},announcePull:()=>{},mask:()=>{},warn:e=>process.stderr.write(`verify-image-arch: ${d(e)}
`),progress:e=>process.stderr.write(`verify-image-arch: ${d(e)}
`),temporary:U(),version:u,cache:{folder:_(process.env)}}),readDockerfiles:e=>E(e,process.cwd()),hints:{readWorkspaceFile:e=>b(e,process.cwd())},stdout:e=>process.stdout.write(e),stderr:e=>process.stderr.write(e),writeFile:j,color:process.stdout.isTTY===!0&&process.env.NO_COLOR===void 0}).then(e=>{process.exitCode=I.exitCode()??(m?e:o.couldNotCheck)});
