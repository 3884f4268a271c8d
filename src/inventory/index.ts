export type {Inventory, LayerSizes, LeftOut, NamedImage} from './inventory.ts'
export {parseInventory} from './parse-inventory.ts'
export {formatPlanLine} from './plan.ts'
