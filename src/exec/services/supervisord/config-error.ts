/** supervisord does not take its configuration: it ends with an error, and starts nothing. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  /** False where what is wrong may be otherwise in a running container. */
  readonly isSure: boolean

  constructor(message: string, isSure = true) {
    super(message)
    this.isSure = isSure
  }
}
