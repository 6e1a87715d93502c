import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTenureError } from '@tenure/core';
import { externalIdValue, MATCH_KINDS, matchKey, type MatchKind } from './match-keys.ts';

const keyOf = (kind: MatchKind, value: string, region = 'CN'): string | null => matchKey(kind, value, region);

describe('the match key of an e-mail', () => {
  it.each([
    ['  Li.Wei@Example.COM ', 'li.wei@example.com'],
    ['ｌｉ@ｅｘａｍｐｌｅ．ｃｏｍ', 'li@example.com'],
    ['wei@例子.测试', 'wei@xn--fsqu00a.xn--0zwm56d'],
    ['Wei@BÜCHER.example', 'wei@xn--bcher-kva.example'],
    ['l.i.wei+shop@gmail.com', 'liwei@gmail.com'],
    ['l.i.wei+shop@googlemail.com', 'liwei@gmail.com'],
    ['li.wei+shop@outlook.com', 'li.wei@outlook.com'],
    ['li.wei+shop@hotmail.com', 'li.wei@hotmail.com'],
    ['li.wei+shop@icloud.com', 'li.wei@icloud.com'],
    ['li.wei+shop@example.com', 'li.wei+shop@example.com'],
    ['information@example.com', 'information@example.com'],
  ])('%s → %s', (value, key) => {
    expect(keyOf('EMAIL', value)).toBe(key);
  });

  it.each([
    'info@example.com',
    'Sales@example.com',
    'office@example.com',
    'admin@example.com',
    'support@example.com',
    'service@example.com',
    'contact@example.com',
    'hr@example.com',
    'billing@example.com',
    'NoReply@example.com',
    'info+x@gmail.com',
    '',
    'li.wei',
    '@example.com',
    'li@',
    'li@wei@example.com',
    'li wei@example.com',
    '+tag@gmail.com',
    'li@exa mple.com',
    'li@[bad',
  ])('%j gives none', (value) => {
    expect(keyOf('EMAIL', value)).toBeNull();
  });
});

describe('the match key of a telephone number', () => {
  it.each([
    ['138 0013 8000', 'CN', '+8613800138000'],
    ['+86 138-0013-8000', 'DE', '+8613800138000'],
    ['0086 13800138000', 'CN', '+8613800138000'],
    ['１３８００１３８０００', 'CN', '+8613800138000'],
    ['010-6552 9988', 'CN', '+861065529988'],
    ['(0)30 901820', 'DE', '+4930901820'],
    ['+1 (415) 555-2671 ext. 12', 'CN', '+14155552671'],
    ['415-555-2671 x12', 'US', '+14155552671'],
  ])('%s in %s → %s', (value, region, key) => {
    expect(keyOf('PHONE', value, region)).toBe(key);
  });

  it.each(['', '110', '10086', '123456', 'no number', 'call 138 0013 8000 or 139 0013 9000'])(
    '%j gives none',
    (value) => {
      expect(keyOf('PHONE', value)).toBeNull();
    },
  );

  it('needs a region that has numbers', () => {
    const error = (() => {
      try {
        return keyOf('PHONE', '138 0013 8000', 'ZZ');
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(isTenureError(error, 'REGION_UNKNOWN')).toBe(true);
  });
});

describe('the match key of a name', () => {
  it.each([
    ['Anna  Maria Schmidt', 'anna maria schmidt'],
    ['SCHMIDT, Anna Maria', 'anna maria schmidt'],
    ["Conan O'Brien", 'conan obrien'],
    ['Jean-Luc Picard', 'jeanluc picard'],
    ['Straße', 'strasse'],
    ['STRASSE', 'strasse'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευσ'],
    ['Οδυσσεύς', 'οδυσσεύσ'],
    ['ﬁnn ４２', '42 finn'],
    ['王小明', '王小明'],
    ['阿卜杜·热合曼', '阿卜杜热合曼'],
    ['e\u0301clair', '\u00e9clair'],
    ['CDNOW 00004', '00004 cdnow'],
  ])('%s → %s', (value, key) => {
    expect(keyOf('NAME', value)).toBe(key);
  });

  it('is the same whatever the order, the case and the spaces', () => {
    const word = fc.stringMatching(/^[a-zäöüßéè]{1,8}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
        const key = keyOf('NAME', words.join(' '));
        expect(keyOf('NAME', `  ${words.toReversed().join(',\u3000').toUpperCase()}`)).toBe(key);
      }),
    );
  });

  it.each(['', '  ', '—', '. , ;'])('%j gives none', (value) => {
    expect(keyOf('NAME', value)).toBeNull();
  });
});

describe('the match key of a company', () => {
  it.each([
    ['Huawei Technologies Co.,Ltd.', 'huawei technologies'],
    ['Müller GmbH', 'müller'],
    ['Nestlé S.A.', 'nestlé'],
    ['Acme, Inc.', 'acme'],
    ['Coca Cola', 'coca cola'],
    ['华为技术有限公司', '华为技术'],
    ['万科企业股份有限公司', '万科企业'],
    ['海尔集团', '海尔'],
    ['某某（深圳）有限责任公司', '某某深圳'],
  ])('%s → %s', (value, key) => {
    expect(keyOf('COMPANY', value)).toBe(key);
  });

  it.each(['Co Ltd', '有限公司', '集团'])('%j gives none', (value) => {
    expect(keyOf('COMPANY', value)).toBeNull();
  });
});

describe('the match key of an id in another system', () => {
  it('has the system in lower case and the id trimmed', () => {
    expect(keyOf('EXTERNAL_ID', externalIdValue(' ERP ', ' A-1 '))).toBe(externalIdValue('erp', 'A-1'));
  });

  it.each(['erp', externalIdValue('', '1'), externalIdValue('erp', ' '), externalIdValue('a', 'b\u001fc')])(
    '%j gives none',
    (value) => {
      expect(keyOf('EXTERNAL_ID', value)).toBeNull();
    },
  );
});

describe('any match key', () => {
  it('stays the same when it is normalised again, and no text breaks it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MATCH_KINDS),
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        (kind, text) => {
          const key = keyOf(kind, text);
          expect(key === null ? null : keyOf(kind, key)).toBe(key);
        },
      ),
    );
  });

  it('is not made of a text beyond all names', () => {
    for (const kind of MATCH_KINDS) expect(keyOf(kind, '1'.repeat(1_001))).toBeNull();
  });
});
