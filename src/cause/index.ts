export {explain} from './explain.ts'
export {joinFindings} from './join.ts'
