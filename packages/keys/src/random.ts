/** Bytes that nobody can foresee: `crypto.randomBytes`, or a seeded source in a simulation. */
export type RandomBytes = (size: number) => Uint8Array;

/** Name of a data key: 96 random bits in 16 characters, for it stands in every sealed block. Says nothing about its customer. */
export const newKid = (random: RandomBytes): string => Buffer.from(random(12)).toString('base64url');
