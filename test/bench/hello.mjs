// The peer of a command: Express that reads a JSON body and answers 201, nothing else.
import { createRequire } from 'node:module';

const express = createRequire(new URL('../../packages/http/package.json', import.meta.url))('express');
const app = express();
app.use(express.json());
app.post('/', (request, response) => {
  response.status(201).json({ fields: Object.keys(request.body).length });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
