import {
  ModelCallError,
  type Affected,
  type Blame,
  type ModelCallErrorCode,
} from '../domain/model-api.ts';
import type { Named } from './failure-kinds.ts';
import type { NetworkFault, NetworkFaultKind } from './network-fault.ts';

type Meaning = {
  code: ModelCallErrorCode;
  blame: Blame;
  affects?: Affected;
  isRetryable: boolean;
  mayHaveCost: boolean;
  /** What the provider did, after its name. */
  said: string;
  remedy: (named: Named) => string;
};

const checkServer = ({ addressSetting }: Named): string =>
  `check that the server runs, the network and any proxy, and ${addressSetting}`;
/** Nothing of the model was seen: there was no connection. */
const unseen = { code: 'network', blame: 'nobody', isRetryable: true, mayHaveCost: false } as const;
const broken = { code: 'network', blame: 'model', isRetryable: true, mayHaveCost: true } as const;
const wrong = {
  code: 'misconfigured',
  blame: 'user',
  isRetryable: false,
  mayHaveCost: false,
} as const;

const meanings = {
  unreachable: { ...unseen, said: 'could not be reached', remedy: checkServer },
  'unknown-host': {
    ...wrong,
    said: 'has no address by this name',
    remedy: ({ addressSetting }) => `check the network, any proxy, and ${addressSetting}`,
  },
  cut: { ...broken, said: 'broke off the connection', remedy: checkServer },
  'timed-out': {
    ...broken,
    code: 'timed-out',
    said: 'did not answer in time',
    remedy: checkServer,
  },
  'untrusted-certificate': {
    ...wrong,
    said: 'shows a certificate that is not trusted here',
    remedy: () =>
      'set NODE_EXTRA_CA_CERTS to the file with the certificate of the authority that issued it, as companies with a proxy of their own provide it',
  },
  'expired-certificate': {
    ...wrong,
    said: 'shows a certificate that has expired or is not valid yet',
    remedy: () => 'have it renewed, and check the clock of this machine',
  },
  'foreign-certificate': {
    ...wrong,
    said: 'shows a certificate of another host',
    remedy: ({ addressSetting }) =>
      `use the host name that the certificate is for in ${addressSetting}`,
  },
  'no-tls': {
    ...wrong,
    said: 'does not speak TLS at this address',
    remedy: ({ addressSetting }) => `check http or https, and the port, in ${addressSetting}`,
  },
  'proxy-login': {
    ...wrong,
    said: 'is behind a proxy that asks for a login',
    remedy: () =>
      'put user and password into the address of the proxy, as in http://user:password@host:port',
  },
  'no-http': {
    ...wrong,
    said: 'does not speak HTTP at this address',
    remedy: ({ addressSetting }) => `check http or https, and the port, in ${addressSetting}`,
  },
} satisfies Record<NetworkFaultKind, Meaning>;

/** A call that got no answer, in our words. */
export function networkFailure({ kind, code }: NetworkFault, named: Named): ModelCallError {
  const { said, remedy, code: errorCode, ...traits }: Meaning = meanings[kind];
  return new ModelCallError(
    errorCode,
    `${named.provider} ${said} (${code}): ${remedy(named)}.`,
    traits,
  );
}
