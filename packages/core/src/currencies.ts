// ISO 4217: the currencies in use and how many decimals the minor unit of each has.
import { ruleViolated } from './errors.ts';

// Grouped by decimals, as the list of the standard's maintenance agency gives them. Codes only get added: an order in
// a currency that was withdrawn stays readable. Metals, test codes and the IMF's units are no currencies to sell in.
const CODES: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE
    CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG
    HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
    MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE
    SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW
    ZWG`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

const DECIMALS: ReadonlyMap<string, number> = new Map(
  Object.entries(CODES).flatMap(([decimals, codes]) =>
    codes.split(/\s+/).map((code): [string, number] => [code, Number(decimals)]),
  ),
);

/** All currency codes, sorted. */
export const CURRENCIES: readonly string[] = [...DECIMALS.keys()].toSorted();

/** True for a currency code of ISO 4217, in capitals. */
export const isCurrency = (code: string): boolean => DECIMALS.has(code);

/** Decimals of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD. @throws CURRENCY_UNKNOWN */
export const decimalsOf = (currency: string): number => {
  const decimals = DECIMALS.get(currency);
  if (decimals === undefined)
    throw ruleViolated(
      'CURRENCY_UNKNOWN',
      'The currency is no code of ISO 4217; use three capitals such as EUR.',
    );
  return decimals;
};
