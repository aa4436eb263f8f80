import { describe, expect, it } from 'vitest';
import { networkFailure } from '../../source/providers/network-failure.ts';
import { networkFaultOf } from '../../source/providers/network-fault.ts';

const named = {
  provider: 'it',
  model: 'm',
  keyVariables: [],
  addressSetting: 'baseUrl of it in the configuration',
};

function failureOf(code: string) {
  const cause = Object.assign(new Error('no'), { code });
  const fault = networkFaultOf(new TypeError('fetch failed', { cause }));
  if (fault === undefined) throw new Error(`${code} is not known`);
  return networkFailure(fault, named);
}

describe('a connection that fails', () => {
  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', /not trusted here.*NODE_EXTRA_CA_CERTS/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /not trusted here.*NODE_EXTRA_CA_CERTS/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /not trusted here.*NODE_EXTRA_CA_CERTS/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /not trusted here.*NODE_EXTRA_CA_CERTS/],
    ['CERT_HAS_EXPIRED', /has expired.*renewed.*clock/],
    ['CERT_NOT_YET_VALID', /not valid yet.*clock/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /certificate of another host.*host name.*baseUrl of it/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /does not speak TLS.*http or https/],
    ['EPROTO', /does not speak TLS.*http or https/],
    ['HPE_INVALID_CONSTANT', /does not speak HTTP.*http or https/],
    ['ENOTFOUND', /no address by this name.*baseUrl of it/],
  ])('with %s is for the user to mend', (code, sentence) => {
    const failure = failureOf(code);
    expect(failure).toMatchObject({
      code: 'misconfigured',
      blame: 'user',
      isRetryable: false,
      mayHaveCost: false,
    });
    expect(failure.message).toMatch(sentence);
    expect(failure.message).toContain(code);
  });

  it.each(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])(
    'with %s says nothing of the model, and may pass',
    (code) => {
      expect(failureOf(code)).toMatchObject({
        code: 'network',
        blame: 'nobody',
        isRetryable: true,
        mayHaveCost: false,
      });
    },
  );

  it.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'Z_DATA_ERROR'])(
    'with %s was cut after something may have been answered',
    (code) => {
      expect(failureOf(code)).toMatchObject({ code: 'network', blame: 'model', mayHaveCost: true });
    },
  );
});
