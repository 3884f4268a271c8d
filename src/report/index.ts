export {type Account, accountOf} from './account/account.ts'
export {ACCOUNT_FORMATS, type AccountFormat, renderAccount} from './account/render-account.ts'
export {
  ANNOTATION_LEVELS,
  type Annotation,
  type AnnotationLevel,
  annotationsOf,
} from './annotations.ts'
export {buildReport} from './build.ts'
export {
  COMMENT_LIMIT,
  COMMENT_MODES,
  type CommentMode,
  type CommentSubject,
  commentMarker,
  hideSecrets,
  isCommentWanted,
  renderComment,
} from './comment.ts'
export {escapeLog, escapeLogLines, escapeText} from './escape.ts'
export {escapeMarkdown} from './escape-markdown.ts'
export {type Headline, headlineOf, titleOf} from './headline.ts'
export {isLookedInto, signable} from './images.ts'
export {renderJson} from './json.ts'
export {type MarkdownOptions, renderMarkdown, SUMMARY_BUDGET} from './markdown.ts'
export {PREDICATE_TYPE, renderPredicate, WHOLE_IMAGE_TEST} from './predicate.ts'
export {FORMATS, type Format, isFormat, render, SARIF_RULES} from './render.ts'
export type {Report, ReportImage, ReportPlatform, ReportStep} from './report.ts'
export {claimedMachine, rowsOf, stateOf} from './rows.ts'
export {renderSarif, type SarifRule} from './sarif.ts'
export {describeReview, type Suggestion, suggestionsOf} from './suggestions.ts'
export {renderText, type TextOptions} from './text.ts'
