#!/usr/bin/env node
import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{b as d,c as n,d as l,e as f,f as m,g,n as c,o as h,q as y,r as v,t as E,u as x}from"./chunks/chunk-6JC4TM7L.mjs";import{B as s,C as p,D as u}from"./chunks/chunk-HT2BDMGY.mjs";import{randomUUID as L}from"node:crypto";import{writeFile as T}from"node:fs/promises";import{tmpdir as A}from"node:os";import{parseArgs as O}from"node:util";var o={verified:0,findings:1,usage:2,couldNotCheck:3,bug:70},b=`verify-image-arch IMAGE… [options]

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
                          /bin/sh, the loaders and libc (default: ${n.scope})
  --fail-on LEVEL         error, warning or never (default: ${n.failOn})
  --rule ID=LEVEL         error, warning, note or off for one rule; may be repeated
  --baseline IMAGE        an image whose platforms this one must still have: the last release
  --concurrency N         images and platforms read at once (default: ${n.concurrency})
  --format FORMAT         ${c.join(", ")} (default: text)
  --output FILE           write the report there instead of standard output
  --help, --version

Exit codes: ${o.verified} verified, ${o.findings} findings at or above --fail-on, ${o.usage} wrong usage, ${o.couldNotCheck} could not check.
`;async function w(r,e){try{let t=I(r);if(t==="help")return e.stdout(b),o.verified;if(t==="version")return e.stdout(`verify-image-arch ${e.version}
`),o.verified;let i=await d(t.options,e.open,e.version),a=y(i,t.format,{color:e.color&&t.output===void 0});return t.output===void 0?e.stdout(a):await e.writeFile(t.output,a),k(i,t.options)}catch(t){return e.stderr(g($(t))),t instanceof s?o.usage:t instanceof p?o.couldNotCheck:o.bug}}function k(r,{failOn:e}){return r.verdict==="fail"&&e!=="never"?o.findings:o.verified}function I(r){let{values:e,positionals:t}=F(r);if(e.help===!0)return"help";if(e.version===!0)return"version";let i=e.format??"text";if(!h(i))throw new s(`--format: expected ${c.join(", ")}, got ${JSON.stringify(i)}`);return{options:l({image:t,metadata:"",platforms:(e.platforms??[]).flatMap(f),source:e.source??n.source,scope:e.scope??n.scope,failOn:e["fail-on"]??n.failOn,rules:e.rule??[],baseline:e.baseline??"",concurrency:e.concurrency??n.concurrency}),format:i,output:e.output}}function F(r){try{return O({args:[...r],allowPositionals:!0,options:{platforms:{type:"string",multiple:!0},source:{type:"string"},scope:{type:"string"},"fail-on":{type:"string"},rule:{type:"string",multiple:!0},baseline:{type:"string"},concurrency:{type:"string"},format:{type:"string"},output:{type:"string"},help:{type:"boolean",short:"h"},version:{type:"boolean"}}})}catch(e){throw new s(u(e),{hint:"See verify-image-arch --help.",cause:e})}}function $(r){return r instanceof s||r instanceof p?`verify-image-arch: ${r.message}
${r.hint===void 0?"":`${r.hint}
`}`:`verify-image-arch: this is a bug, please report it
${r instanceof Error?r.stack:String(r)}
`}var S=L(),C=E();w(process.argv.slice(2),{version:x,open:v({env:process.env,signal:C.signal,run:S,announceDaemon:()=>{},announcePull:()=>{},mask:()=>{},warn:r=>process.stderr.write(`verify-image-arch: ${m(r)}
`),temporary:A()}),stdout:r=>process.stdout.write(r),stderr:r=>process.stderr.write(r),writeFile:(r,e)=>T(r,e),color:process.stdout.isTTY===!0&&process.env.NO_COLOR===void 0}).then(r=>{process.exitCode=C.exitCode()??r});
