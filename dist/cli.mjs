#!/usr/bin/env node
import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{a as w,b as v,c as n,d as k,e as l,g as C,h as $,i as T,j as x,k as h,l as I,m as F}from"./chunks/chunk-U3PBE7PS.mjs";import{G as p,H as u,U as f,V as b,X as E,Y as O}from"./chunks/chunk-SALUR3UB.mjs";import"./chunks/chunk-H6V4HN5T.mjs";import{a,c as d,g as m}from"./chunks/chunk-OKBYYVAW.mjs";import"./chunks/chunk-JA24GV5I.mjs";import"./chunks/chunk-G2LHSCRV.mjs";import{randomUUID as X}from"node:crypto";import{lstat as q,rm as _,writeFile as B}from"node:fs/promises";import{homedir as W,tmpdir as j}from"node:os";import{isAbsolute as V,join as A}from"node:path";import{parseArgs as S}from"node:util";var o={verified:0,findings:1,usage:2,couldNotCheck:3,bug:70},D=`verify-image-arch IMAGE… [options]
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
  --on-undetermined WHAT  pass or fail, where it is not known whether a platform starts (default: ${n.onUndetermined})
  --rule ID=LEVEL         error, warning, note or off for one rule; may be repeated
  --ignore GLOB           files left out of the whole-image scan: an absolute glob, with a reason after " #"; may be repeated
  --baseline IMAGE        an image whose platforms this one must still have: the last release
  --baseline-required     without it, that nothing stands at --baseline is a note
  --dockerfile GLOB       Dockerfiles to check, with an image or without one; may be repeated
  --cache                 keep what is read of layers in $XDG_CACHE_HOME, and use what is there
  --concurrency N         images and platforms read at once (default: ${n.concurrency})
  --insecure-registry HOST[:PORT]
                          a registry that may be accessed over plain HTTP; may be repeated
  --limits NAME=VALUE     a limit to raise, such as layer-bytes=128GiB (docs/threat-model.md); may be repeated
  --timeout TIME          how long the check may take: 90s, 30m, 2h; 0 for no limit (default: ${n.timeout})
  --format FORMAT         ${f.join(", ")} (default: text)
  --output FILE           write the report there instead of standard output
  --help, --version

Exit codes: ${o.verified} verified, ${o.findings} findings at or above --fail-on, ${o.usage} wrong usage, ${o.couldNotCheck} could not check.
`;async function L(e,t){try{let r=M(e);if(r==="help")return t.stdout(D),o.verified;if(r==="version")return t.stdout(`verify-image-arch ${t.version}
`),o.verified;let{options:i}=r,s=await v(i.timeout,t.limitTime,()=>w(i,t.open,t,t.readDockerfiles,t.hints)),c=E(s,r.format,{color:t.color&&r.output===void 0});return r.output===void 0?t.stdout(c):await N(t,r.output,c),G(t,s),H(s,r.options)}catch(r){return t.stderr(u(U(r))),r instanceof a?o.usage:r instanceof d?o.couldNotCheck:o.bug}}async function N(e,t,r){try{await e.writeFile(t,r)}catch(i){throw new d("unavailable",`the report cannot be written to ${t}: ${m(i)}`,{hint:"Name a file (--output) in a folder that is there and may be written to, on a disk with room.",cause:i})}}function G(e,{images:t}){for(let{reference:r,problem:i}of t){if(i===void 0)continue;let s=i.message.includes(r)?"":`${r}: `,c=i.hint===void 0?"":`${i.hint}
`;e.stderr(u(`verify-image-arch: ${s}${i.message}
${c}`))}}function H(e,{failOn:t}){return e.images.some(({problem:r})=>r!==void 0)?o.couldNotCheck:e.verdict==="fail"&&t!=="never"?o.findings:o.verified}function M(e){let{values:t,positionals:r}=P(e);if(t.help===!0)return"help";if(t.version===!0)return"version";let i=t.format??"text";if(!b(i))throw new a(`--format: expected ${f.join(", ")}, got ${JSON.stringify(i)}`);return{options:k({image:r,metadata:"",platforms:(t.platforms??[]).flatMap(l),source:t.source??n.source,scope:t.scope??n.scope,failOn:t["fail-on"]??n.failOn,onUndetermined:t["on-undetermined"]??n.onUndetermined,rules:t.rule??[],ignore:t.ignore??[],baseline:t.baseline??"",baselineRequired:String(t["baseline-required"]??n.baselineRequired),dockerfile:t.dockerfile??[],cache:String(t.cache??n.cache),concurrency:t.concurrency??n.concurrency,insecureRegistries:(t["insecure-registry"]??[]).flatMap(l),limits:(t.limits??[]).flatMap(l),timeout:t.timeout??n.timeout}),format:i,output:t.output}}function P(e){try{return S({args:[...e],allowPositionals:!0,options:{platforms:{type:"string",multiple:!0},source:{type:"string"},scope:{type:"string"},"fail-on":{type:"string"},"on-undetermined":{type:"string"},rule:{type:"string",multiple:!0},ignore:{type:"string",multiple:!0},baseline:{type:"string"},"baseline-required":{type:"boolean"},dockerfile:{type:"string",multiple:!0},cache:{type:"boolean"},concurrency:{type:"string"},"insecure-registry":{type:"string",multiple:!0},limits:{type:"string",multiple:!0},timeout:{type:"string"},format:{type:"string"},output:{type:"string"},help:{type:"boolean",short:"h"},version:{type:"boolean"}}})}catch(t){throw new a(m(t),{hint:"See verify-image-arch --help.",cause:t})}}function U(e){return e instanceof a||e instanceof d?`verify-image-arch: ${e.message}
${e.hint===void 0?"":`${e.hint}
`}`:`verify-image-arch: this is a bug, please report it
${e instanceof Error?e.stack:String(e)}
`}function J({XDG_CACHE_HOME:e}){let t=e===void 0||!V(e)?A(W(),".cache"):e;return A(t,"verify-image-arch")}async function K(e,t){try{await B(e,t)}catch(r){throw await q(e).then(s=>s.isFile(),()=>!1)&&await _(e,{force:!0}),r}}x();var Y=X(),R=C(e=>process.stderr.write(`verify-image-arch: ${p(e)}
`)),g=F(R),y=!0;process.stdout.on("error",e=>{y&&process.stderr.write(`verify-image-arch: the report cannot be written to standard output: ${e.message}
Keep what reads it until the end, or write it to a file (--output).
`),y=!1,process.exitCode=o.couldNotCheck});process.stderr.on("error",()=>{});L(process.argv.slice(2),{version:h,digest:await I(import.meta.dirname),open:O({env:process.env,signal:g.signal,waits:R,run:Y,announceDaemon:()=>{},announcePull:()=>{},mask:()=>{},warn:e=>process.stderr.write(`verify-image-arch: ${p(e)}
`),progress:e=>process.stderr.write(`verify-image-arch: ${p(e)}
`),temporary:j(),version:h,cache:{folder:J(process.env)}}),readDockerfiles:e=>$(e,process.cwd()),limitTime:g.limitTime,hints:{readWorkspaceFile:e=>T(e,process.cwd())},stdout:e=>process.stdout.write(e),stderr:e=>process.stderr.write(e),writeFile:K,color:process.stdout.isTTY===!0&&process.env.NO_COLOR===void 0}).then(e=>{process.exitCode=g.exitCode()??(y?e:o.couldNotCheck)});
