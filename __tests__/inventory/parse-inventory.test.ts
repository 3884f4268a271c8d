// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose files
import {describe, expect, test} from '@jest/globals'
import {parseInventory} from '../../src/inventory/index.ts'
import {render} from '../../src/report/index.ts'
import {ONE_UNREAD} from '../support/sample-reports.ts'

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: one
spec:
  initContainers:
    - name: wait
      image: busybox:1.37
  containers:
    - {name: app, image: "ghcr.io/org/app:1"}
`

/** What each text names, as \`PLACE TEXT\`. */
const GOOD: readonly (readonly [name: string, text: string, images: readonly string[]])[] = [
  ['one reference', 'app:1', ['1 app:1']],
  [
    'a list',
    `# ours\napp:1\n\n  ghcr.io/org/app@sha256:${'a'.repeat(64)}  # pinned\r\n`,
    ['2 app:1', `4 ghcr.io/org/app@sha256:${'a'.repeat(64)}`],
  ],
  [
    'transports and ports',
    'docker://localhost:5000/app:1\noci:layouts/app:2\n',
    ['1 docker://localhost:5000/app:1', '2 oci:layouts/app:2'],
  ],
  ['a list that begins with a byte order mark', '\uFEFFapp:1\n', ['1 app:1']],
  ['a list in JSON', '["app:1", "app:2"]', ['1:2 app:1', '1:11 app:2']],
  ['a list in YAML', '- app:1\n- app:2\n', ['1:3 app:1', '2:3 app:2']],
  ['a pod', POD, ['8:14 busybox:1.37', '10:26 ghcr.io/org/app:1']],
  [
    'several documents, as helm template prints them',
    `---\n# Source: app/templates/one.yaml\n${POD}---\n# Source: app/templates/none.yaml\n---\n${POD}`,
    ['10:14 busybox:1.37', '12:26 ghcr.io/org/app:1', '23:14 busybox:1.37', '25:26 ghcr.io/org/app:1'],
  ],
  [
    'a list of objects in JSON, as kubectl get -o json prints it',
    '{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "batch/v1", "kind": "CronJob", "spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": [{"image": "job:1"}]}}}}}}]}',
    ['1:175 job:1'],
  ],
  [
    'a Tekton task and an Argo workflow',
    'apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  stepTemplate: {image: base:1}\n  steps:\n    - image: step:1\n  sidecars:\n    - image: side:1\n' +
      '---\napiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec:\n  templates:\n    - container: {image: run:1}\n    - script: {image: script:1}\n',
    ['4:25 base:1', '6:14 step:1', '8:14 side:1', '14:26 run:1', '15:23 script:1'],
  ],
  [
    'an ephemeral container',
    'apiVersion: v1\nkind: Pod\nspec:\n  ephemeralContainers: [{image: debug:1}]\n  containers: [{image: app:1}]\n',
    ['4:33 debug:1', '5:24 app:1'],
  ],
  [
    'an anchor',
    'apiVersion: v1\nkind: Pod\nspec:\n  initContainers:\n    - &c {image: app:1}\n  containers:\n    - *c\n',
    ['5:18 app:1', '7:7 app:1'],
  ],
  [
    'a compose file',
    'x-base: &base\n  image: app:1\nservices:\n  web:\n    <<: *base\n  db:\n    image: postgres:17\n  built:\n    build: .\n    image: org/built:1\n',
    ['5:5 app:1', '7:12 postgres:17', '10:12 org/built:1'],
  ],
  [
    'the metadata of a build',
    JSON.stringify({
      'image.name': 'ghcr.io/org/app:1',
      'containerimage.digest': `sha256:${'b'.repeat(64)}`,
      'containerimage.descriptor': {},
    }),
    [` ghcr.io/org/app@sha256:${'b'.repeat(64)}`],
  ],
]

test.each(GOOD)('%s', (_, text, images) => {
  const inventory = parseInventory(text)
  expect(inventory).toMatchObject({ok: true})
  if (inventory.ok) expect(inventory.value.images.map(({place, text: named}) => `${place} ${named}`)).toEqual(images)
})

const WRONG: readonly (readonly [name: string, text: string, problem: string])[] = [
  ['nothing', '', 'names no image: expected references, one per line,'],
  ['comments alone', '# none yet\n', 'names no image: expected references'],
  ['a line of two words', 'app:1\napp:2 app:3\n', '2: expected one reference a line, got "app:2 app:3"'],
  ['a reference that is none', 'app:1\nApp:2\n', '2: "App:2"'],
  [
    'a reference that is none, in a pod',
    POD.replace('busybox:1.37', 'busybox@'),
    '8:14: "busybox@" has no digest behind @',
  ],
  [
    'a template of helm',
    'apiVersion: v1\nkind: Pod\nspec: {{ .Values.spec }}\n',
    'names no image: it is a template; give what helm template prints',
  ],
  [
    'a template for an image',
    POD.replace('busybox:1.37', '"{{ .Values.image }}"'),
    '8:14: "{{ .Values.image }}": it is a template; give what helm template prints',
  ],
  ['YAML that is none', 'services:\n  web: [\n', '3:1: cannot be parsed as YAML: '],
  [
    'a variable in a compose file',
    'services:\n  web:\n    image: app:${TAG:-1}\n',
    '3:12: services.web.image: "app:${TAG:-1}" has a variable; give what docker compose config prints',
  ],
  [
    'an image that is no text',
    'services:\n  web:\n    image: [app]\n',
    '3:12: services.web.image: expected a reference, got ["app"]',
  ],
  [
    'a compose file with builds only',
    'services:\n  web:\n    build: .\n',
    'names no image: 3:5: services.web has no image, only a build',
  ],
  [
    'another mapping',
    'images:\n  - app:1\n',
    'expected references, one per line, a compose file, Kubernetes manifests, the metadata of docker buildx or a report of this program, got the keys "images"',
  ],
  ['a list of other things', '- app:1\n- image: app:2\n', '2:3: expected a reference, got {"image":"app:2"}'],
  ['metadata without a name', '{"containerimage.digest": "sha256:00"}', 'has no key "image.name"'],
  ['an alias that has no anchor', 'services:\n  web: *none\n', 'cannot be parsed as YAML'],
  ['JSON Lines cut off', '{"type": "report", "schemaVersion": 1}\n{"type": "im', '2: cannot be parsed as JSON'],
]

test.each(WRONG)('%s is refused', (_, text, problem) => {
  const inventory = parseInventory(text)
  expect(inventory.ok).toBe(false)
  if (!inventory.ok) expect(inventory.problem).toContain(problem)
})

test('all references that cannot be parsed are named at once', () => {
  const inventory = parseInventory('A:1\napp:1\nB:2\n')
  expect(inventory.ok ? [] : inventory.problem.split('\n').map(line => line.slice(0, 2))).toEqual(['1:', '3:'])
})

test.each([
  [
    'a field of a custom resource',
    `${POD}---\napiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: main}\nspec:\n  image: prometheus:3\n`,
    [{place: '16:10', what: "spec.image of Prometheus/main is not a container's image"}],
  ],
  [
    'an image volume',
    'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers: [{image: app:1}]\n  volumes:\n    - name: v\n      image: {reference: data:1}\n',
    [{place: '8:14', what: 'spec.volumes[0].image of Pod/p is a volume: nothing of it is started by name'}],
  ],
  [
    'a service that is only built',
    'services:\n  web: {build: .}\n  db: {image: db:1}\n  odd:\n',
    [
      {place: '2:8', what: 'services.web has no image, only a build'},
      {place: '4:7', what: 'services.odd has no image'},
    ],
  ],
])('%s is left out, and said', (_, text, leftOut) => {
  const inventory = parseInventory(text)
  expect(inventory.ok ? inventory.value.leftOut : inventory.problem).toEqual(leftOut)
})

test('what is data names no image', () => {
  const text = `${POD}---\napiVersion: v1\nkind: ConfigMap\ndata: {image: no, pod: |\n  image: no\n}\n`
  const inventory = parseInventory(text.replace('{image: no, pod: |\n  image: no\n}', '\n  image: other\n'))
  expect(inventory).toMatchObject({ok: true, value: {leftOut: [], images: [{}, {}]}})
})

describe('a report of this program', () => {
  const references = ONE_UNREAD.images.map(({reference}) => reference)
  test.each([
    ['JSON', render(ONE_UNREAD, 'json')],
    ['JSON Lines', render(ONE_UNREAD, 'jsonl')],
  ])('%s', (_, text) => {
    const inventory = parseInventory(text)
    expect(references.length).toBeGreaterThan(1)
    expect(inventory.ok ? inventory.value.images.map(image => image.text) : inventory.problem).toEqual(references)
  })
})

test('a document of more aliases than anybody writes is refused', () => {
  const text = `x: &x app:1\nservices: {}\nlist: [${'*x, '.repeat(1200)}]\n`
  const inventory = parseInventory(text)
  expect(inventory.ok ? '' : inventory.problem).toContain('alias')
})
