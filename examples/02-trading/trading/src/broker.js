import { connect } from 'amqplib';
import { inTime, MILLISECONDS } from './deadline.js';

/** A RabbitMQ queue to publish to. Connects when first needed, and again after the connection was lost. */
export class Broker {
  #url;
  #queue;
  #connection;

  /**
   * @param {string} url
   * @param {string} queue
   */
  constructor(url, queue) {
    this.#url = url;
    this.#queue = queue;
  }

  /** Resolves when the broker has the message, and not before. */
  async publish(message) {
    const { channel } = await this.#open();
    channel.sendToQueue(this.#queue, Buffer.from(JSON.stringify(message)), {
      contentType: 'application/json',
      persistent: true,
    });
    await inTime(channel.waitForConfirms());
  }

  /** Resolves when the broker answers a question about the queue. */
  async ask() {
    const { channel } = await this.#open();
    await channel.checkQueue(this.#queue);
  }

  async close() {
    const { model } = (await this.#connection?.catch(() => undefined)) ?? {};
    await model?.close().catch(() => undefined);
  }

  /** One attempt is shared by all who ask while it is under way; a failed or lost one is forgotten. */
  #open() {
    this.#connection ??= this.#connect().catch((error) => {
      this.#connection = undefined;
      throw error;
    });
    return this.#connection;
  }

  async #connect() {
    const model = await connect(this.#url, { timeout: MILLISECONDS });
    model.on('error', (error) => console.warn(`broker: ${error.message}`));
    model.on('close', () => {
      this.#connection = undefined;
    });
    const channel = await model.createConfirmChannel();
    // A channel dies of its own errors, such as a deleted queue: begin anew, with a new connection.
    channel.on('error', (error) => console.warn(`broker: ${error.message}`));
    channel.on('close', () => model.close().catch(() => undefined));
    await channel.assertQueue(this.#queue, { durable: true });
    return { model, channel };
  }
}
