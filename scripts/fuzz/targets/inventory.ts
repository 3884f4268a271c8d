// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of compose files
import {parseLocation} from '../../../src/image/location.ts'
import {parseInventory} from '../../../src/inventory/index.ts'
import {type FuzzTarget, holds, texts} from '../target.ts'

/** What names images: lists, compose files, manifests of Kubernetes, metadata of buildx, reports of this program. */
export const target: FuzzTarget = {
  name: 'inventory',
  seeds: () =>
    texts(
      'ghcr.io/org/app:1\n# old\nredis # cache\noci:dir:tag\n',
      'services:\n  web:\n    image: app:${TAG:-1}\n    build: .\n  db: {image: "postgres:17", platform: linux/arm64}\nx-c: &c {image: a}\n',
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: apps/v1\n  kind: Deployment\n  spec:\n    template:\n      spec:\n        initContainers: [{name: i, image: init:1}]\n        containers:\n        - name: a\n          image: app:1\n        volumes: [{image: {reference: data:1}}]\n---\nkind: CronJob\napiVersion: batch/v1\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{image: job}]}}}}}\n',
      '{"app": {"image.name": "a/b:1,a/c", "containerimage.digest": "sha256:00"}}',
      '{"schemaVersion": 1, "tool": {"name": "verify-image-arch"}, "images": [{"reference": "app:1", "platforms": []}]}\n',
      '{"schemaVersion":1,"type":"image","reference":"app:1"}\n{"schemaVersion":1,"type":"run"}\n',
      '["app:1", "app:2"]',
      '{{- if .Values.x }}\nimage: {{ .Values.image }}\n{{- end }}\n',
    ),
  limit: 4096,
  millisecondsPerKiB: 300,
  words: ['image: ', 'containers:\n', '- ', '${A}', '${A?x}', '$$', '<<: *c', '---\n', '{{ x }}', 'kind: Pod\n', '# '],
  run: input => {
    const inventory = parseInventory(Buffer.from(input).toString('utf8'))
    if (inventory.ok) {
      holds(inventory.value.images.length > 0, 'an inventory names an image')
      for (const {text} of inventory.value.images) holds(parseLocation(text).ok, 'each is one that can be parsed')
    } else holds(inventory.problem !== '', 'what is wrong is said')
    return inventory
  },
}
