// Stands in the bundle for @actions/http-client: @actions/core uses it for OIDC
// tokens only, which nothing here asks for.
export class HttpClient {
  constructor() {
    throw new Error('@actions/http-client is not in this bundle')
  }
}

export class BearerCredentialHandler {}

export const HttpCodes = {}
