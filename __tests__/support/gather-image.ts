import type {ImageFacts} from '../../src/facts/facts.ts'
import type {GatherOptions} from '../../src/facts/scope.ts'
import type {ImageSource} from '../../src/image/source.ts'
import type {Limiter} from '../../src/lib/concurrency.ts'
import {type ExamineOptions, examineImage} from '../../src/pipeline/examine.ts'
import {RULES} from '../../src/rules/index.ts'

const OFF: ExamineOptions['rules'] = new Map(RULES.map(({id}) => [id, 'off']))

/** What is seen of an image, with all rules off: nothing is wrong, so that nothing is asked besides. */
export async function gatherImage(
  source: ImageSource,
  options: GatherOptions & Pick<ExamineOptions, 'required'>,
  limiter: Limiter,
): Promise<ImageFacts> {
  const {image} = await examineImage(source, {...options, rules: OFF, failOn: 'error'}, limiter)
  return image
}
