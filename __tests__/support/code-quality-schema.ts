import {Ajv} from 'ajv'

/** What GitLab reads of an entry. https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
export const CODE_QUALITY = new Ajv().compile({
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: {type: 'string', minLength: 1},
      check_name: {type: 'string', minLength: 1},
      fingerprint: {type: 'string', pattern: '^[0-9a-f]{64}$'},
      severity: {enum: ['info', 'minor', 'major', 'critical', 'blocker']},
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          // Relative to the repository, and without ./ before it.
          path: {type: 'string', pattern: '^(?!/)(?!\\.{1,2}(?:/|$)).+'},
          lines: {type: 'object', required: ['begin'], properties: {begin: {type: 'integer', minimum: 1}}},
        },
      },
    },
  },
})
