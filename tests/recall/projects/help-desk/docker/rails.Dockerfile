FROM ruby:3.3-alpine
RUN apk add --no-cache nodejs postgresql-client
WORKDIR /app
EXPOSE 3000
CMD ["bundle", "exec", "rails", "server", "-b", "0.0.0.0", "-p", "3000"]
