export type {Inventory, LayerSizes, LeftOut, NamedImage} from './inventory.ts'
export {parseInventory} from './parse-inventory.ts'
export {formatPlanLine} from './plan.ts'
export {isRegistryListing, type ListedImages, parseRegistryListing, type RegistryListing} from './registry-listing.ts'
