/** The source that these tests relay. */
export const SOURCE = 'order';
