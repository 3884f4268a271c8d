/*
 * node:http without an import. An import makes a namespace of all that the module exports, and looks at each of them:
 * for WebSocket, CloseEvent and MessageEvent, which are there only when they are looked at, node 24 loads undici then,
 * and that takes longer than to start node. https://nodejs.org/api/process.html#processgetbuiltinmoduleid
 */
export const {Agent, request} = process.getBuiltinModule('node:http')
