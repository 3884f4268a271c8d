// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are words of execline scripts
import type {Link} from './link.ts'
import {options, word} from './words.ts'

/** Programs of execline that have a block, or several. */
export const LINKS_WITH_BLOCKS: readonly Link[] = [
  (random, place, block) => {
    const {part, made} = block(random, place)
    return {parts: ['foreground', part], isParallel: made.isParallel, mayEnd: made.mayEnd, knows: []}
  },
  (random, place, block) => {
    const {part, made} = block(random, place)
    return {
      parts: [
        'if',
        ...options(
          random,
          ['-n', '-t', '-X'],
          [
            ['-x', '3'],
            ['-x', '0'],
            ['-x', '300'],
          ],
        ),
        part,
      ],
      mayEnd: true,
      isParallel: made.isParallel,
    }
  },
  (random, place, block) => {
    const [one, two] = [block(random, place), block(random, place)]
    return {
      parts: ['ifelse', ...options(random, ['-n', '-X']), one.part, two.part],
      mayEnd: one.made.mayEnd || two.made.mayEnd,
      isParallel: one.made.isParallel || two.made.isParallel,
    }
  },
  (random, place, block) => {
    const [one, two, three] = [block(random, place), block(random, place), block(random, place)]
    return {
      parts: ['ifthenelse', ...options(random, ['-s', '-X']), one.part, two.part, three.part],
      mayEnd: [one, two, three].some(({made}) => made.mayEnd),
      isParallel: [one, two, three].some(({made}) => made.isParallel),
    }
  },
  (random, place, block) => {
    const [one, two] = [block(random, place), block(random, place)]
    return {
      parts: ['ifte', ...options(random, ['-n', '-X']), one.part, two.part],
      mayEnd: one.made.mayEnd || two.made.mayEnd,
      isParallel: one.made.isParallel || two.made.isParallel,
    }
  },
  (random, place, block) => {
    const {part} = block(random, place)
    return {parts: ['background', ...options(random, ['-d']), part], isParallel: true, mayEnd: true}
  },
  (random, place, block) => {
    const {part} = block(random, place)
    return {parts: ['pipeline', ...options(random, ['-d', '-r', '-w']), part], isParallel: true, mayEnd: true}
  },
  (random, place, block) => {
    const {part} = block(random, place, 0)
    return {parts: ['tryexec', ...options(random, ['-n', '-c', '-l'], [['-a', 'other']]), part], mayEnd: true}
  },
  (random, place, block) => {
    const imports = random.oneIn(2) ? ['-E'] : []
    const {part} = random.oneIn(2)
      ? block(random, place)
      : {part: random.pick([['echo', 'out put'], ['printf', 'a b\\n\\n'], ['true'], ['false']])}
    const key = random.pick(['A', 'B', 'FOO'])
    return {
      parts: ['backtick', ...options(random, ['-i', '-I', '-x', '-N', '-n'], [['-D', 'd']]), ...imports, key, part],
      knows: imports.length > 0 ? [key] : [],
      mayEnd: true,
    }
  },
  (random, place, block) => {
    const imports = random.oneIn(2) ? ['-E'] : []
    const {part} = random.oneIn(3) ? block(random, place) : {part: ['printf', 'l1\\nl2\\n\\nl3']}
    return {
      parts: ['forbacktickx', ...options(random, ['-N', '-C', '-n'], [['-x', '1']]), ...imports, 'V', part],
      knows: imports.length > 0 ? ['V'] : [],
      mayEnd: true,
      isParallel: true,
    }
  },
  (random, place, block) => {
    const {part} = block(random, place)
    return {parts: ['trap', ['term', part]], isParallel: true, mayEnd: true}
  },
  (random, place, block) => {
    const [one, two] = [block(random, place), block(random, place)]
    return {
      parts: [
        'case',
        ...options(random, ['-n', '-N']),
        random.oneIn(2) ? word(random, place) : random.pick(['foo', 'xfoo', 'foox', 'a foo b', 'x', '']),
        [
          random.pick(['foo', 'x', 'v|x', '.*', 'foo|x', 'x|foo', 'v|foo|w', '']),
          one.part,
          random.pick(['y', 'one', '[a-z]+', 'a|x']),
          two.part,
        ],
      ],
      mayEnd: true,
    }
  },
]
