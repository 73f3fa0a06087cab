FROM ruby:3.3-alpine
RUN apk add --no-cache nodejs
WORKDIR /app
EXPOSE 3036
CMD ["bin/vite", "dev"]
