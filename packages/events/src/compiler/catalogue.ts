export const catalogueOf = (..._: readonly unknown[]): string => '';
