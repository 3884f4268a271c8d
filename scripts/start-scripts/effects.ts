// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {
  argumentsOf,
  bareName,
  callee,
  changedPath,
  directoryPath,
  type Names,
  programPath,
  targetPath,
} from './words.ts'

/** A command that makes, moves, changes or removes files, users or groups. */
export function makeEffect(names: Names): string {
  const {random} = names
  const source = () => programPath(names)
  const target = () => targetPath(names)
  const changed = () => changedPath(names)
  const directory = () => directoryPath(names)
  const mode = () =>
    random.pick(['+x', '+x', '755', '0755', '644', 'u+x', 'a+rx', 'a-x', 'u=rwx,go=rx', '700', 'go-rwx'])
  const owner = () => random.pick(['app', 'app:app', '1000', '1000:1000', ':app', 'root:root', 'nosuch'])
  const has = (tool: string) => names.tools.includes(tool)
  const useradd = has('useradd')
  const options = {
    cp: () =>
      random.pick([
        '',
        '',
        '',
        ' -f',
        ' -p',
        ' -a',
        ' -n',
        ' -L',
        ' -P',
        ' -r',
        ' -fp',
        ' -v',
        ' --',
        ' -u',
        ' -s',
        ' -l',
        ' -d',
      ]),
    mv: () => random.pick(['', '', ' -f', ' -n', ' -v']),
    ln: () => random.pick(['', ' -s', ' -s', ' -sf', ' -sfn', ' -f', ' -snf']),
    rm: () => random.pick(['', ' -f', ' -rf', ' -r']),
  }
  return random.pick<() => string>([
    () => `cp${options.cp()} ${source()} ${target()}`,
    () => `cp${options.cp()} ${source()} ${target()}`,
    () => `cp${options.cp()} ${source()} ${target()}`,
    () => `cp${options.cp()} ${source()} ${directory()}/`,
    () => `cp ${source()} ${source()} ${directory()}`,
    () => `cp -r ${random.pick(['/app', '/opt', '/app/.'])} ${directory()}`,
    () => `cp -t ${directory()} ${source()}`,
    () => `mv${options.mv()} ${source()} ${target()}`,
    () => `mv${options.mv()} ${source()} ${target()}`,
    () => `mv${options.mv()} ${source()} ${directory()}/`,
    () => `ln${options.ln()} ${source()} ${target()}`,
    () => `ln${options.ln()} ${source()} ${target()}`,
    () => `ln${options.ln()} ${source()} ${directory()}`,
    () =>
      `${has('install') ? 'install' : 'cp'}${has('install') ? random.pick(['', ' -m 755', ' -m 0644', ' -D', ' -D -m 755', ' -o app -g app -m 755']) : ''} ${source()} ${target()}`,
    () =>
      `${has('install') ? 'install -d' : 'mkdir'}${has('install') ? random.pick(['', ' -m 700', ' -o app']) : ''} ${directory()}`,
    () => `mkdir${random.pick(['', ' -p', ' -p', ' -p', ' -m 700', ' -p -m 755'])} ${directory()}`,
    () => `mkdir -p ${directory()}`,
    () => `mkdir -p "$(dirname ${changed()})"`,
    () => `rm${options.rm()} ${changed()}`,
    () => `rm${options.rm()} ${directory()}`,
    () => `rmdir ${directory()}`,
    () => `chmod ${mode()} ${changed()}`,
    () => `chmod ${mode()} ${changed()}`,
    () => `chmod ${mode()} ${changed()}`,
    () => `chmod -R ${mode()} ${directory()}`,
    () => `chown ${owner()} ${changed()}`,
    () => `chown -R ${owner()} ${directory()}`,
    () => `touch ${target()}`,
    () => writeScript(names),
    () => writeScript(names),
    () => writeScript(names),
    () => `${chatter(names)} > ${target()}`,
    () => `${chatter(names)} >> ${target()}`,
    () => `cat ${source()} > ${target()}`,
    () => `cat < ${source()} > ${target()}`,
    () => `cat ${source()} | tee ${target()}`,
    () => `${chatter(names)} | tee${random.pick(['', ' -a'])} ${target()}`,
    () => `: > ${target()}`,
    () => `> ${target()}`,
    () =>
      `sed -i ${random.pick(["'s/server/tool/'", "'s#/app/server#/app/server-amd64#'", "'1d'", '"s|exec|exec env|"', "-e 's/a/a/'"])} ${changed()}`,
    () => `sed 's/server/worker/' ${source()} > ${target()}`,
    () => `tar cf /tmp/x.tar -C /app server && tar xf /tmp/x.tar -C ${directory()}`,
    () => `tar -xzf /app/bundle.tgz -C ${directory()}`,
    () => `echo ${source()} > /etc/app.conf`,
    () => `echo ${source()} > /tmp/b`,
    () =>
      useradd
        ? `useradd ${random.pick(['-m ', '-r ', '-u 1001 ', ''])}${random.pick(['worker', 'app', 'svc'])}`
        : `${has('adduser') ? 'adduser -D' : 'id'} ${random.pick(['worker', 'app', 'svc'])}`,
    () => (useradd ? `groupadd ${random.pick(['svc', 'app'])}` : `addgroup ${random.pick(['svc', 'app'])}`),
    () => (useradd ? `usermod -u 1002 ${random.pick(['app', 'nosuch'])}` : 'addgroup -S svc'),
    () => 'echo "svc:x:1003:1003::/:/bin/sh" >> /etc/passwd',
    () => {
      const at = target()
      return `[ -e ${at} ] || cp ${source()} ${at}`
    },
    () => `test -x ${changed()} || chmod +x ${changed()}`,
    () => `[ -L ${changed()} ] && rm ${changed()}`,
  ])()
}

function chatter({random}: Names): string {
  return random.pick([
    'echo',
    'echo hello',
    "printf '%s\\n' hello",
    'printf hello',
    'cat /etc/passwd',
    'id',
    'uname -a',
  ])
}

/** A command that makes a script which may be executed later. */
function writeScript(names: Names): string {
  const {random} = names
  const path = targetPath(names)
  const shebang = random.pick(['#!/bin/sh', '#!/bin/sh', '#!/bin/sh -e', '#!/usr/bin/env sh', '#!/nonexistent/sh'])
  const call = `${random.pick(['exec ', 'exec ', ''])}${callee(names).replaceAll('"', '')}${argumentsOf(names).replaceAll("'", '')}`
  const chmod = random.pick(['', '', `\nchmod +x ${path}`, `\nchmod +x ${path}`, `\nchmod 755 ${path}`])
  const end = random.pick(['EOF', "'EOF'", '"EOF"', '-EOF', "-'EOF'"])
  const name = 'EOF'
  const indent = end.startsWith('-') ? '\t' : ''
  return random.pick([
    `cat > ${path} <<${end}\n${indent}${shebang}\n${indent}${call}\n${indent}${name}${chmod}`,
    `cat <<${end} > ${path}\n${shebang}\n${call}\n${name}${chmod}`,
    `cat >> ${path} <<${end}\n${call}\n${name}${chmod}`,
    `tee ${path} <<${end} >/dev/null\n${shebang}\n${call}\n${name}${chmod}`,
    `echo '${shebang}' > ${path}; echo '${call}' >> ${path}${chmod}`,
    `printf '${shebang}\\n%s\\n' '${call.replaceAll('%', '')}' > ${path}${chmod}`,
    `printf '%s\\n' '${shebang}' '${call}' > ${path}${chmod}`,
    `{ echo '${shebang}'; echo '${call}'; } > ${path}${chmod}`,
    `echo ${bareName(names)} > ${path}${chmod}`,
  ])
}
