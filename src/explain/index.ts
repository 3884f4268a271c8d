export {saysMore} from './describe.ts'
export {explain} from './explain.ts'
export {joinFindings} from './join.ts'
