import { describe, expect, it } from 'vitest';
import { scrub } from '../../src/cognito/scrub.js';

describe('scrub', () => {
  it('takes every value out, wherever it stands and however often', () => {
    const message = "Value 'ada@x.org' at 'username' failed; ada@x.org is taken";
    expect(scrub(message, [{ value: 'ada@x.org', by: '(the username)' }])).toBe(
      "Value '(the username)' at 'username' failed; (the username) is taken",
    );
  });

  it('takes the longest out first, so that nothing is left of one that holds another', () => {
    const replacements = [
      { value: 'Secret', by: '(the given_name)' },
      { value: 'Secret-Passw0rd!', by: '(the password)' },
    ];
    expect(scrub('got Secret-Passw0rd!', replacements)).toBe('got (the password)');
    expect(scrub('got Secret-Passw0rd!', replacements.toReversed())).toBe('got (the password)');
  });

  it('takes values for what they are, not for patterns', () => {
    expect(scrub('got $&(.*)', [{ value: '$&(.*)', by: '(the password)' }])).toBe(
      'got (the password)',
    );
  });

  it('leaves a message readable where a value is a letter or two', () => {
    expect(scrub('an attribute is wrong', [{ value: 'a', by: '(x)' }])).toBe(
      'an attribute is wrong',
    );
  });

  it('takes control characters out: a message goes to a terminal', () => {
    expect(scrub('\u001b[31mred\u001b[0m\r\nand\u009b2Jmore\u0000', [])).toBe(
      '[31mred [0m and 2Jmore',
    );
  });
});
