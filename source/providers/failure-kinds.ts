import type { Affected, Blame, ModelCallErrorCode } from '../domain/model-api.ts';

/** What a sentence about a failure names. */
export type Named = {
  provider: string;
  model: string;
  /** The environment variables that may hold the key, the one that does alone where one does. */
  keyVariables: readonly string[];
  /** What to change where the address is wrong, for example `baseUrl of local in the configuration`. */
  addressSetting: string;
  parameter?: string;
};

/** What a kind of failure means for the run, and how it is said. */
export type FailureMeaning = {
  code: ModelCallErrorCode;
  /** Only where it differs from what the code means. */
  blame?: Blame;
  affects?: Affected;
  isRetryable?: boolean;
  mayHaveCost?: boolean;
  said: (named: Named) => string;
  remedy: (named: Named) => string;
};

const later = (): string => 'try again later, or use another model';
const failedToAnswer = ({ provider, model }: Named): string =>
  `${provider} failed to answer for ${model}`;
const limitsRate = ({ provider, model }: Named): string =>
  `${provider} limits the rate of requests to ${model}`;
const checkKey = ({ keyVariables }: Named): string =>
  keyVariables.length === 0
    ? 'name the variable that holds its key as apiKeyEnv in the configuration'
    : `check ${keyVariables.join(' or ')}`;

/** Every kind of failure that an answer can report; adding one is one entry and its rule. */
export const failureKinds = {
  'rate-limit': { code: 'rate-limited', said: limitsRate, remedy: later },
  'model-rate-limit': { code: 'rate-limited', affects: 'model', said: limitsRate, remedy: later },
  /** More in one request than the account may send in a minute: no wait helps. */
  'too-large-for-limit': {
    code: 'bad-request',
    blame: 'user',
    affects: 'request',
    said: ({ provider, model }) => `${provider} takes no request of this size for ${model}`,
    remedy: () => 'raise the rate limit of the account, or shorten the task',
  },
  overloaded: { code: 'overloaded', said: failedToAnswer, remedy: later },
  /** Its server is up, its model not yet. */
  loading: {
    code: 'overloaded',
    mayHaveCost: false,
    blame: 'nobody',
    said: ({ provider, model }) => `${provider} is still loading ${model}`,
    remedy: () => 'wait for it, or load the model before the run',
  },
  /** A gateway that reaches no server behind it; what the server would say is not known. */
  'not-up': {
    code: 'overloaded',
    blame: 'nobody',
    said: ({ provider, model }) => `The server of ${provider} for ${model} is not up`,
    remedy: () => 'wait for it, start it, or use another model',
  },
  'timed-out': {
    code: 'timed-out',
    said: ({ provider, model }) => `${provider} did not answer for ${model} in time`,
    remedy: later,
  },
  'wrong-key': {
    code: 'unauthorized',
    said: ({ provider, model }) => `${provider} refused the key for ${model}`,
    remedy: checkKey,
  },
  /** A refusal that names neither the key nor the model: others of the provider are tried. */
  forbidden: {
    code: 'unauthorized',
    affects: 'model',
    said: ({ provider, model }) => `${provider} refused access to ${model}`,
    remedy: (named) => `${checkKey(named)}, see what it may use, or block the model by policy`,
  },
  /** For this key it is as if the model were not there. */
  'no-model-access': {
    code: 'unknown-model',
    said: ({ provider, model }) => `${provider} gives this key no access to ${model}`,
    remedy: (named) => `ask for access to it, ${checkKey(named)}, or block the model by policy`,
  },
  'no-credit': {
    code: 'out-of-credit',
    said: ({ provider }) => `${provider} has no credit left for this key`,
    remedy: ({ keyVariables: [variable] }) =>
      `top it up or raise its limit${variable === undefined ? '' : `, set another key in ${variable}`}, or block its models by policy`,
  },
  'unknown-model': {
    code: 'unknown-model',
    said: ({ provider, model }) => `${provider} has no model ${model}`,
    remedy: () => 'check the id under models: in the configuration',
  },
  /** A server of the user's own that has the model, and not in memory. */
  'model-not-loaded': {
    code: 'unknown-model',
    said: ({ provider, model }) => `${provider} has not loaded ${model}`,
    remedy: () => 'load it there, or check the id under models: in the configuration',
  },
  /** It does not say what of it is not there. */
  'not-found': {
    code: 'unknown-model',
    said: ({ provider, model }) => `${provider} found nothing for ${model}`,
    remedy: ({ addressSetting }) =>
      `check the id under models: in the configuration, and ${addressSetting}`,
  },
  'wrong-address': {
    code: 'misconfigured',
    said: ({ provider }) => `Nothing answers at this address of ${provider}`,
    remedy: ({ addressSetting }) => `check ${addressSetting}`,
  },
  redirect: {
    code: 'misconfigured',
    said: ({ provider }) => `${provider} sends its requests on to another address`,
    remedy: ({ addressSetting }) => `check ${addressSetting}`,
  },
  'proxy-login': {
    code: 'misconfigured',
    said: ({ provider }) => `The proxy on the way to ${provider} asks for a login`,
    remedy: () =>
      'put user and password into the address of the proxy, as in http://user:password@host:port',
  },
  /** A firewall, a proxy or a portal answered instead of the provider: nothing of key or model. */
  'page-between': {
    code: 'network',
    blame: 'nobody',
    mayHaveCost: false,
    said: ({ provider }) =>
      `A web page came instead of an answer of ${provider}, as firewalls and proxies send it`,
    remedy: ({ addressSetting }) => `check the network and any proxy, or ${addressSetting}`,
  },
  moderated: {
    code: 'bad-request',
    said: ({ provider, model }) => `${provider} refused the content of the request to ${model}`,
    remedy: () => 'word the task differently, or use another model',
  },
  'too-long': {
    code: 'bad-request',
    said: ({ provider, model }) => `${provider} refused the request to ${model} as too long`,
    remedy: () => 'shorten the task, or use another model',
  },
  'refused-parameter': {
    code: 'bad-request',
    blame: 'user',
    affects: 'model',
    said: ({ provider, model, parameter }) =>
      `${provider} takes no ${parameter ?? 'request of this form'} for ${model}`,
    remedy: ({ provider }) => `check kind and jsonMode of ${provider} in the configuration`,
  },
  /** Refused for a reason that we do not know: it says nothing of how well the model works. */
  'bad-request': {
    code: 'bad-request',
    blame: 'user',
    said: ({ provider, model }) => `${provider} refused the request to ${model}`,
    remedy: (named) =>
      named.keyVariables.length === 0
        ? 'look at what its server says in its log, or block the model by policy'
        : `${checkKey(named)} and the account behind it, or block the model by policy`,
  },
  'error-in-answer': {
    code: 'invalid-response',
    mayHaveCost: true,
    said: failedToAnswer,
    remedy: later,
  },
} satisfies Record<string, FailureMeaning>;

export type FailureKind = keyof typeof failureKinds;
