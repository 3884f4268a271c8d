/** Permission bits as chmod takes them. */
export function octal(mode: number): string {
  return `0${mode.toString(8).padStart(3, '0')}`
}
