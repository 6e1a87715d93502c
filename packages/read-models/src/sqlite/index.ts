export { openSqliteReadModels } from './read-models.ts';
