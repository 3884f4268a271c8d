#!/usr/bin/env node
import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{A as E,B as w,C as O,D as b,E as f,b as m,c as i,d as g,e as p,g as l,h,u as d,v as y,x as v,y as k}from"./chunks/chunk-OTVNVAJM.mjs";import"./chunks/chunk-C6BBLZWA.mjs";import{a as s,c,f as u}from"./chunks/chunk-CT4DUSJQ.mjs";import"./chunks/chunk-KHRIPSW3.mjs";import"./chunks/chunk-G2LHSCRV.mjs";import{randomUUID as D}from"node:crypto";import{writeFile as R}from"node:fs/promises";import{homedir as G,tmpdir as H}from"node:os";import{isAbsolute as M,join as x}from"node:path";import{parseArgs as I}from"node:util";var o={verified:0,findings:1,usage:2,couldNotCheck:3,bug:70},L=`verify-image-arch IMAGE… [options]
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
  --format FORMAT         ${d.join(", ")} (default: text)
  --output FILE           write the report there instead of standard output
  --help, --version

Exit codes: ${o.verified} verified, ${o.findings} findings at or above --fail-on, ${o.usage} wrong usage, ${o.couldNotCheck} could not check.
`;async function C(e,r){try{let t=$(e);if(t==="help")return r.stdout(L),o.verified;if(t==="version")return r.stdout(`verify-image-arch ${r.version}
`),o.verified;let n=await m(t.options,r.open,r.version,r.readDockerfiles,r.hints),a=v(n,t.format,{color:r.color&&t.output===void 0});return t.output===void 0?r.stdout(a):await r.writeFile(t.output,a),T(n,t.options)}catch(t){return r.stderr(h(S(t))),t instanceof s?o.usage:t instanceof c?o.couldNotCheck:o.bug}}function T(e,{failOn:r}){return e.verdict==="fail"&&r!=="never"?o.findings:o.verified}function $(e){let{values:r,positionals:t}=A(e);if(r.help===!0)return"help";if(r.version===!0)return"version";let n=r.format??"text";if(!y(n))throw new s(`--format: expected ${d.join(", ")}, got ${JSON.stringify(n)}`);return{options:g({image:t,metadata:"",platforms:(r.platforms??[]).flatMap(p),source:r.source??i.source,scope:r.scope??i.scope,failOn:r["fail-on"]??i.failOn,rules:r.rule??[],ignore:r.ignore??[],baseline:r.baseline??"",dockerfile:r.dockerfile??[],cache:String(r.cache??i.cache),concurrency:r.concurrency??i.concurrency,insecureRegistries:(r["insecure-registry"]??[]).flatMap(p)}),format:n,output:r.output}}function A(e){try{return I({args:[...e],allowPositionals:!0,options:{platforms:{type:"string",multiple:!0},source:{type:"string"},scope:{type:"string"},"fail-on":{type:"string"},rule:{type:"string",multiple:!0},ignore:{type:"string",multiple:!0},baseline:{type:"string"},dockerfile:{type:"string",multiple:!0},cache:{type:"boolean"},concurrency:{type:"string"},"insecure-registry":{type:"string",multiple:!0},format:{type:"string"},output:{type:"string"},help:{type:"boolean",short:"h"},version:{type:"boolean"}}})}catch(r){throw new s(u(r),{hint:"See verify-image-arch --help.",cause:r})}}function S(e){return e instanceof s||e instanceof c?`verify-image-arch: ${e.message}
${e.hint===void 0?"":`${e.hint}
`}`:`verify-image-arch: this is a bug, please report it
${e instanceof Error?e.stack:String(e)}
`}function N({XDG_CACHE_HOME:e}){let r=e===void 0||!M(e)?x(G(),".cache"):e;return x(r,"verify-image-arch")}O();var P=D(),F=b();C(process.argv.slice(2),{version:f,open:k({env:process.env,signal:F.signal,run:P,announceDaemon:()=>{},announcePull:()=>{},mask:()=>{},warn:e=>process.stderr.write(`verify-image-arch: ${l(e)}
`),progress:e=>process.stderr.write(`verify-image-arch: ${l(e)}
`),temporary:H(),version:f,cache:{folder:N(process.env)}}),readDockerfiles:e=>E(e,process.cwd()),hints:{readWorkspaceFile:e=>w(e,process.cwd())},stdout:e=>process.stdout.write(e),stderr:e=>process.stderr.write(e),writeFile:(e,r)=>R(e,r),color:process.stdout.isTTY===!0&&process.env.NO_COLOR===void 0}).then(e=>{process.exitCode=F.exitCode()??e});
