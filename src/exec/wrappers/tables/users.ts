import type {Wrapper} from '../wrapper.ts'

/** Programs that change the user by an operand. su, runuser, sudo, doas, setpriv and capsh have files of their own. */
export const USERS: readonly Wrapper[] = [
  // tianon/gosu main.go, ncopa/su-exec su-exec.c, phusion/baseimage setuser
  {names: ['gosu'], becomes: true, operands: 1, user: 0, plain: true, search: 'go', setsHome: true},
  {names: ['su-exec'], becomes: true, operands: 1, user: 0, plain: true, setsHome: true},
  {names: ['setuser'], becomes: true, operands: 1, user: 0, userForm: 'id', plain: true, setsHome: true},
]
