import { defined } from '../domain/defined.ts';
import type { ErrorBody } from './error-body.ts';
import type { FailureKind } from './failure-kinds.ts';

/** What is known of an answer that is an error. */
export type Facts = {
  status: number;
  model: string;
  /** The provider's words for it, in lower case. */
  words: readonly string[];
  /** What it says, in lower case, cut. */
  said: string;
  parameter?: string;
  /** The body is a web page. */
  isPage: boolean;
  /** The body reports an error in one of the known forms. */
  hasBody: boolean;
};

type Rule = { kind: FailureKind; when: (facts: Facts) => boolean };

/** Only the first part of prose counts: further behind, servers quote what was asked. */
const maxProseLength = 400;

export function factsOf(answer: {
  status: number;
  model: string;
  text: string | undefined;
  body: ErrorBody | undefined;
}): Facts {
  const { status, model, text = '', body } = answer;
  return {
    status,
    model,
    words: (body?.words ?? []).map((word) => word.slice(0, 100).toLowerCase()),
    said: (body === undefined ? text : body.prose)
      .slice(0, maxProseLength)
      .toLowerCase()
      .replaceAll(/\s+/g, ' '),
    isPage: /^[\uFEFF\s]*<(?:!|html|head|body|\?xml|[a-z])/i.test(text.slice(0, 400)),
    hasBody: body !== undefined,
    ...defined({ parameter: body?.parameter }),
  };
}

/** What kind of failure an answer reports: the first rule that fits, else what the status says. */
export function classify(facts: Facts): FailureKind {
  return rules.find(({ when }) => when(facts))?.kind ?? kindOfStatus(facts);
}

const named =
  (pattern: RegExp) =>
  ({ words }: Facts): boolean =>
    words.some((word) => pattern.test(word));
const says =
  (pattern: RegExp) =>
  ({ said }: Facts): boolean =>
    pattern.test(said);
const isOneOf =
  (...statuses: number[]) =>
  ({ status }: Facts): boolean =>
    statuses.includes(status);
const isRefusal = ({ status }: Facts): boolean => status >= 400 && status < 500;

const all =
  (...tests: Rule['when'][]): Rule['when'] =>
  (facts) =>
    tests.every((test) => test(facts));
const anyOf =
  (...tests: Rule['when'][]): Rule['when'] =>
  (facts) =>
    tests.some((test) => test(facts));
const not =
  (test: Rule['when']): Rule['when'] =>
  (facts) =>
    !test(facts);

const isErrorOfClient = anyOf(isRefusal, isOneOf(200));
const isPage = ({ isPage: page }: Facts): boolean => page;
const isQuota = anyOf(named(/^resource_exhausted$/), says(/\bresource_exhausted\b/));

const creditWord = named(
  /^(?:(?:insufficient|not_enough)_(?:(?:user|account|token)_)?(?:quota|balance|credits?|funds)|billing_.*|payment_required|exceeded_current_quota_error|credits?_(?:exhausted|depleted|required|limit)|token_quota_reached|(?:exceeded_?budget|budget_?exceeded)(?:error)?|arrearage|allocationquota\..*|subscription_?(?:disabled|expired)|spend_limit.*|1008|1113|1308|2056)$/,
);
/** Quotas of a minute are exhausted too, and come back by themselves. */
const isOfMinutes = all(
  isOneOf(429),
  says(
    /\b(?:tpm|rpm|rps)\b|(?:per|a|\/) ?(?:minute|min|second|sec)\b|\b(?:re)?try (?:again )?(?:in|after) \d/,
  ),
);
const creditProse = anyOf(
  says(
    /credit balance is too low|balance (?:is )?(?:insufficient|not enough|too low|exhausted)|not enough balance|key limit exceeded|quota is not enough|(?:quota|credits?|allocation|free tier)\b[^.]{0,40}\b(?:exhausted|used up|expired)|used up (?:all )?(?:of )?your|(?:plan|subscription|trial) (?:has |is )?(?:expired|disabled)|(?:enable|requires?) billing|payment method|(?:unpaid|past|outstanding) invoices?|exceeded ?budget|budget has been exceeded|crossed spend|(?:requests|calls|tokens) ?(?:\/|per) ?month|monthly (?:[a-z]+ )?quota|weekly usage limit|session usage limit|insufficient (?:account |available )?(?:balance|credits?|funds|quota)|(?:not enough|no|out of|requires? more|have any|all available) (?:remaining )?credits?\b(?! card)|credits? (?:are|have been|is|has been) (?:depleted|exhausted|used up)|(?:spend|spending|monthly|billing)(?: usage| spend| spending| hard)? (?:limit|cap|quota)s?\b|payment required|in arrears|overdue (?:balance|payment)|余额不足|欠费|额度/,
  ),
  all(says(/usage limits?\b/), (facts) => facts.status !== 429),
);
/** Google says "exceeded your current quota" of a minute's quota too. */
const quotaProse = all(
  says(/exceeded your (?:current|monthly) (?:quota|limit)|plan and billing details/),
  not(isQuota),
);

const keyWord = named(
  /^(?:(?:invalid|incorrect|missing|expired|wrong|no)_?(?:api_?)?(?:key|token|credentials?)|api_?key_(?:invalid|expired|missing|not_found|service_blocked)|(?:invalid_)?authentication_?error|invalid_authentication|authenticationerror|unauthenticated|unauthorized|token_(?:invalid|expired|not_found).*|access_token_.*|service_disabled|consumer_(?:suspended|invalid)|expired_key|missing_scope|invalid_organization|ip_not_authorized|(?:organization|account)_(?:restricted|disabled|suspended)|unsupported_country_region_territory|account_deactivated|1004|2049|1000_auth)$/,
);
const keyProse = says(
  /(?:incorrect|invalid|wrong|missing|expired|revoked|malformed|unknown|disabled|no|bad) (?:api|x-api|access|auth|subscription|bearer|secret)[ _-]?(?:key|token|credentials?|header)|api[ _-]?key (?:is |was |has |you provided is )?(?:been )?(?:not valid|invalid|incorrect|expired|missing|required|revoked|disabled|suspended|reported as leaked|not found|not provided|malformed)|(?:authentication|authorization) (?:failed|fails|required|error)|no auth credentials|missing auth(?:entication|orization)|(?:security|bearer|session) token[^.]{0,30} (?:is|has) (?:invalid|expired)|request signature we calculated|api key[^.]{0,40} restriction|sufficient permissions|(?:organization|account|team|project)\b[^.]{0,30} (?:is|are|was|been|currently) (?:currently )?(?:disabled|suspended|restricted|deactivated|not active|inactive|banned)\b|(?:location|country|region)[^.]{0,40} (?:is |are )?not supported|jwt is missing|rbac: access denied|not authenticated|unregistered callers|invalid proxy server token|(?:could not|unable to|failed to) (?:validate|verify|authenticate) (?:your |the )?(?:api key|credentials|token)|身份验证|令牌/,
);
/** FastAPI names the header that it misses. */
const keyParameter = ({ parameter }: Facts): boolean =>
  /\b(?:authorization|api-?key)\b/i.test(parameter ?? '');
const deniesAccess = says(
  /(?:no|lacks?|without|denied) access|n(?:o|')t (?:have|been granted) (?:any |sufficient )?(?:access|permission)|access (?:is |was |has been )?(?:denied|not)|not (?:allowed|permitted|authorized|entitled|enabled|subscribed|available (?:to|for) (?:you|this))|is blocked|must be verified/,
);
const aboutModel = (facts: Facts): boolean =>
  says(/\b(?:model|deployment)s?\b/)(facts) || mentions(facts);
const modelAccess = anyOf(
  named(
    /^(?:model_permission.*|(?:key|team|user|org|project)_model_access_denied|model_not_allowed|model\.?_?access_?denied|model_terms_required|1311)$/,
  ),
  all(isOneOf(401, 403), aboutModel, deniesAccess),
  all(isOneOf(400), aboutModel, deniesAccess, says(/access|must be verified/)),
  all(
    isOneOf(404),
    says(/no (?:endpoints|allowed providers)\b[^.]{0,40}(?:data policy|available)/),
  ),
  // A quota of none: no wait helps.
  all(isOneOf(429), isQuota, aboutModel, says(/\blimit: 0(?![.\d])/)),
);
const missingModel = anyOf(
  named(
    /^(?:model_?not_?(?:found|exist|supported|available)(?:_error)?|endpoint_not_found|deploymentnotfound|unknown_model|invalid_model(?:_error)?|model_decommissioned)$/,
  ),
  says(
    /(?:model|deployment|engine)s?\b[^!?]{0,160}(?:not? (?:found|exist|known|supported for)|does ?n[o']t exist|not exist|is unknown|decommissioned|not a valid model)|(?:no such|unknown|invalid|unrecognized|not found the) (?:model|deployment)(?! (?:input|output|response|parameter))|not a valid model|model identifier is invalid|no (?:endpoints found|available channel)\b|unable to access (?:non-serverless )?model|无可用渠道|try pulling it/,
  ),
);
const routeProse = says(
  /^(?:404:? ?)?(?:the )?(?:page |resource |route |endpoint |url |path |file )?not found\.?$|404 page not found|invalid url|unexpected endpoint|cannot (?:post|get) \/|no (?:such )?(?:route|handler|endpoint|path|static resource)|unknown (?:request )?url|method not allowed|unsupported endpoint/,
);
const moderated = anyOf(
  named(
    /^(?:content_?filter(?:ed)?|content_policy_violation|responsibleaipolicyviolation|data_?inspection_?failed|moderation.*|input_moderation|prompt_blocked|prohibited_content|safety|1301|1026|1027)$/,
  ),
  says(
    /\bflagged\b|\bmoderation\b|content (?:policy|management policy|filter)|content exists risk|usage polic(?:y|ies)|safety (?:system|filter|polic)|inappropriate content|sensitive (?:content|words)/,
  ),
);
const tooLong = anyOf(
  named(/^(?:context_length_exceeded|string_above_max_length|request_too_large|1261)$/),
  says(
    /context (?:length|window|size)|too many (?:input )?tokens|(?:prompt|input|request)[^.]{0,40}(?:is )?too (?:long|large)|maximum (?:context|prompt|input)/,
  ),
);
const parameterRefused = anyOf(
  named(/^(?:unsupported_(?:parameter|value)|unknown_parameter|extra_forbidden)$/),
  says(
    /(?:unsupported|unknown|unrecognized|unexpected|extra)(?: request)? (?:parameter|argument|field|value|inputs?|keyword|property)|is deprecated for this model/,
  ),
  all(
    says(/(?:not|n't|only|must be|deprecated)\b/),
    says(
      /\b(?:max_(?:completion_|output_)?tokens|maxoutputtokens|temperature|response_?format|responsemimetype|json mode|system (?:role|message|prompt|instruction)s?|developer instruction|store)\b/,
    ),
  ),
  ({ parameter }) => parameter !== undefined,
);
const loading = anyOf(
  named(/^(?:modelnotreadyexception|deployment_scaling_up)$/),
  all(
    says(
      /(?:model|server|engine|instance|weights|llm)[^.]{0,60}\b(?:is|are|being|currently|still) (?:still |currently |being )?(?:loading|loaded|starting|warming|initiali[sz]ing|downloading)|\bloading (?:the )?model|scaling (?:up )?from zero|model (?:is )?not (?:yet )?(?:ready|loaded)|(?:server|model) (?:is )?(?:starting|warming) up|still loading/,
    ),
    not(says(/fail|error|unable|could not|couldn't|cannot|out of memory/)),
  ),
);
const notLoaded = anyOf(
  says(/no models? (?:is |are )?loaded|model (?:has been |was |is )?unloaded|not started loading/),
  all(isRefusal, says(/failed to load model|insufficient system resources/)),
);
/** As gateways wrap them: the status is theirs, the words are the provider's. */
const wrappedKey = says(/(?:incorrect|invalid|wrong) api[ _-]?key|\bauthenticationerror\b/);
const wrappedCredit = says(
  /insufficient (?:account )?(?:balance|credits?|quota|funds)|exceeded your current quota|credit balance is too low/,
);
const isFailureOfServer = isOneOf(500, 502);
const ofOneModel = anyOf(
  mentions,
  named(/^(?:model_rate_limit.*|model_overloaded)$/),
  says(/rate-limited upstream|for this model\b|per model\b/),
);

/** Whether it names the model: a short id only where it stands as one. */
function mentions({ model, said }: Facts): boolean {
  const id = model.toLowerCase();
  const last = id.split('/').at(-1) ?? id;
  if ([id, last].some((name) => name.length >= 5 && said.includes(name))) return true;
  const marked = [`\`${id}\``, `'${id}'`, `"${id}"`, `model ${id} `, `model: ${id} `, `for ${id} `];
  return marked.some((words) => `${said} `.includes(words));
}

/** In the order of how much they say: a provider's own word before its prose, before the status. */
const rules: readonly Rule[] = [
  { kind: 'proxy-login', when: isOneOf(407) },
  { kind: 'no-credit', when: anyOf(creditWord, isOneOf(402)) },
  {
    kind: 'no-credit',
    when: all(
      isErrorOfClient,
      not(isPage),
      not(isQuota),
      not(isOfMinutes),
      anyOf(creditProse, quotaProse),
    ),
  },
  { kind: 'no-credit', when: all(isQuota, says(/credits? (?:are|is|have been) depleted/)) },
  {
    kind: 'no-credit',
    when: all(isFailureOfServer, not(isPage), not(isQuota), wrappedCredit),
  },
  { kind: 'no-model-access', when: all(isOneOf(400, 401, 403, 404, 429), modelAccess) },
  { kind: 'model-not-loaded', when: notLoaded },
  { kind: 'unknown-model', when: all(isOneOf(200, 400, 403, 404, 410, 422, 503), missingModel) },
  { kind: 'loading', when: all(isOneOf(400, 409, 425, 429, 500, 502, 503), loading) },
  {
    kind: 'wrong-key',
    when: all(
      isErrorOfClient,
      not(isOneOf(404, 429)),
      anyOf(keyWord, all(not(isPage), keyProse), keyParameter),
    ),
  },
  { kind: 'wrong-key', when: all(isFailureOfServer, not(isPage), wrappedKey) },
  {
    kind: 'too-large-for-limit',
    when: all(
      isOneOf(413, 429),
      says(/request too large for|tokens per min[^.]*\. ?limit \d+, requested/),
    ),
  },
  {
    kind: 'model-rate-limit',
    when: all(anyOf(isOneOf(429), named(/^rate_limit.*$/)), ofOneModel),
  },
  {
    kind: 'rate-limit',
    when: named(
      /^(?:rate_?limit.*|resource_exhausted|too_?many_?requests|engine_overloaded_error|throttl.*|1002|1302|1303|1305|2045)$/,
    ),
  },
  {
    kind: 'overloaded',
    when: all(
      not(isOneOf(401)),
      named(/^(?:overloaded(?:_error)?|server_overloaded|unavailable|internal|1000|1013)$/),
    ),
  },
  { kind: 'moderated', when: all(isOneOf(200, 400, 403, 422, 451), not(isPage), moderated) },
  { kind: 'wrong-key', when: named(/^(?:authentication_error|invalid_api_key|1004|2049)$/) },
  { kind: 'unknown-model', when: named(/^model_not_found$/) },
  {
    kind: 'wrong-address',
    when: all(
      isOneOf(200, 404, 405, 501),
      anyOf(isPage, routeProse),
      ({ status, isPage: page }) => status !== 200 || !page,
    ),
  },
  {
    kind: 'wrong-address',
    when: ({ status, hasBody, said }) =>
      [404, 405].includes(status) && !hasBody && said.trim() === '',
  },
  { kind: 'unknown-model', when: all(isOneOf(404), anyOf(mentions, says(/^model\b/))) },
  { kind: 'page-between', when: all(isPage, isOneOf(400, 403, 406, 409, 418, 429, 451)) },
  { kind: 'not-up', when: all(isOneOf(502, 503), ({ hasBody }) => !hasBody) },
  { kind: 'too-long', when: all(isOneOf(400, 413, 422), tooLong) },
  { kind: 'refused-parameter', when: all(isOneOf(400, 422), parameterRefused) },
];

function kindOfStatus({ status }: Facts): FailureKind {
  if (status >= 300 && status < 400) return 'redirect';
  if (status === 429) return 'rate-limit';
  if (status === 401 || status === 498) return 'wrong-key';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'not-found';
  if (status === 405) return 'wrong-address';
  if (status === 408 || status === 504 || status === 524) return 'timed-out';
  if (status === 409 || status === 425 || status >= 500) return 'overloaded';
  return status >= 400 ? 'bad-request' : 'error-in-answer';
}
