export type {Inventory, LeftOut, NamedImage} from './inventory.ts'
export {parseInventory} from './parse-inventory.ts'
