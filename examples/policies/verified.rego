# For `cosign verify-attestation --policy`: admits an image of which every platform was verified, and of those that the
# fleet runs none is missing. `input.predicate.result in {"PASSED", "WARNED"}` admits warnings as well.
package signature

import rego.v1

fleet := {"linux/amd64", "linux/arm64"}

default allow := false

allow if {
	input.predicateType == "https://github.com/org/verify-image-arch/attestation/v1"
	input.predicate.result == "PASSED"
	input.predicate.verifyImageArch.verdict == "pass"
	every platform in fleet { platform in input.predicate.passedTests }
}
