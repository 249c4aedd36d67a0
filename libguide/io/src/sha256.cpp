// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/io/sha256.hpp>

#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>

namespace guide::io {
namespace {

class Hasher {
  public:
    Hasher() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
        require(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1, "sha256",
                "the cryptographic library offers SHA-256");
    }
    void add(const char* bytes, std::size_t count) {
        EVP_DigestUpdate(context_.get(), bytes, count);
    }
    [[nodiscard]] std::string hex() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned int size = 0;
        EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
        constexpr std::string_view kDigits = "0123456789abcdef";
        std::string text;
        for (unsigned int i = 0; i < size; ++i) {
            text += kDigits[digest[i] >> 4U];
            text += kDigits[digest[i] & 15U];
        }
        return text;
    }

  private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

std::string sha256(std::string_view bytes) {
    Hasher hasher;
    hasher.add(bytes.data(), bytes.size());
    return hasher.hex();
}

std::string sha256_of_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw IoError(path.string(), "not-found", "cannot be opened");
    Hasher hasher;
    std::array<char, 1 << 16> buffer{};
    while (file) {
        file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        hasher.add(buffer.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad()) throw IoError(path.string(), "unreadable", "reading failed");
    return hasher.hex();
}

}  // namespace guide::io
