import {SCOPES} from '../../src/facts/scope.ts'
import {POLICY_SCHEMA} from '../../src/policy/parse-policy.ts'
import {ON_UNDETERMINED} from '../../src/report/configuration.ts'
import {RULES} from '../../src/rules/index.ts'
import {RULE_SETTINGS} from '../../src/rules/rule-setting.ts'

/** The JSON Schema of the policy file, with the rules that there are. */
export function policySchema(): string {
  const rules = RULES.map(({id}) => id)
  const text = (description: string, more: object = {}) => ({description, type: 'string', minLength: 1, ...more})
  const settings = {
    platforms: {
      description: 'The platforms that an image must have.',
      ...oneOrMore(text('Such as linux/arm64.')),
    },
    scope: {description: 'How much of each platform is checked.', enum: SCOPES},
    'on-undetermined': {
      description: 'What becomes of an image where it cannot be determined whether a platform starts.',
      enum: ON_UNDETERMINED,
    },
    rules: {
      description: 'Levels of single rules.',
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(rules.map(id => [id, {enum: RULE_SETTINGS}])),
    },
    ignore: {
      description: 'Globs of files that the scan of the whole image leaves out.',
      type: 'array',
      items: {
        anyOf: [
          glob('An absolute glob.'),
          {
            type: 'object',
            additionalProperties: false,
            required: ['glob'],
            properties: {glob: glob('An absolute glob.'), reason: {type: 'string'}},
          },
        ],
      },
    },
    baseline: text('An image whose platforms the other must still have; `:TAG` is the same image with that tag.'),
    'baseline-required': {description: 'Whether the baseline must be there.', type: 'boolean'},
  }
  const images = text('A glob of images, such as ghcr.io/org/*.', {pattern: '^\\S+$'})
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: POLICY_SCHEMA,
    title: 'Policy file of verify-image-arch',
    description: 'How images are checked, and which findings are known (docs/policy.md).',
    type: 'object',
    additionalProperties: false,
    required: ['version'],
    properties: {
      $schema: {const: POLICY_SCHEMA},
      version: {description: 'The version of this format.', const: 1},
      defaults: {
        description: 'What holds for every image.',
        type: ['object', 'null'],
        additionalProperties: false,
        properties: settings,
      },
      images: {
        description: 'What holds for some images; a later entry wins over an earlier one.',
        type: ['array', 'null'],
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['match'],
          properties: {match: oneOrMore(images), ...settings},
        },
      },
      suppressions: {
        description: 'Findings that are known and fail nothing until a day.',
        type: ['array', 'null'],
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['rule', 'reason', 'until'],
          properties: {
            rule: {description: 'The rule that finds it.', enum: rules},
            image: images,
            platform: text('Such as linux/arm64.'),
            path: text('A glob of files of the image, or of names of Dockerfiles.'),
            reason: text('Why it is known; it is in every report.', {pattern: '\\S'}),
            until: text('The last day on which it holds, in UTC: 2027-01-31.', {pattern: '^\\d{4}-\\d{2}-\\d{2}$'}),
          },
        },
      },
    },
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}

function glob(description: string) {
  return {description, type: 'string', pattern: '^(/|\\*\\*/)'}
}

function oneOrMore(items: object) {
  return {anyOf: [items, {type: 'array', minItems: 1, items}]}
}
