// SPDX-License-Identifier: Apache-2.0
#include "diffusion_rivals.hpp"

#include "frames.hpp"
#include "itk_diffusion.hpp"

#include <guide/filters/log_compression.hpp>

#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/ximgproc.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

namespace guide::bench {
namespace {

constexpr int kBorder = 2;

/// A frame with border pixels around, and what a step needs beside it.
class PlainSteps {
  public:
    explicit PlainSteps(const Image<float>& in)
        : in_(in.clone()),
          stride_(in.width() + 2 * kBorder),
          now_(static_cast<std::size_t>(stride_ * (in.height() + 2 * kBorder))),
          then_(now_.size()),
          coefficients_(now_.size()) {}

    void run(PlainCoefficient coefficient) {
        for (int y = 0; y < in_.height(); ++y)
            std::copy_n(in_.row(y), in_.width(), now_.data() + index(0, y));
        for (int step = 0; step < kDiffusionSteps; ++step) {
            const auto level = static_cast<float>(0.5 * std::exp(-step * 0.5 / 6));
            repeat_border(now_);
            for (int y = 0; y < in_.height(); ++y) {
                for (int x = 0; x < in_.width(); ++x) {
                    const std::size_t i = index(x, y);
                    coefficients_[i] = coefficient(&now_[i], stride_, level);
                }
            }
            repeat_border(coefficients_);
            for (int y = 0; y < in_.height(); ++y) {
                for (int x = 0; x < in_.width(); ++x)
                    then_[index(x, y)] = stepped(&now_[index(x, y)], &coefficients_[index(x, y)]);
            }
            now_.swap(then_);
        }
    }

    [[nodiscard]] Image<float> result() const {
        Image<float> out(in_.width(), in_.height());
        for (int y = 0; y < in_.height(); ++y)
            std::copy_n(now_.data() + index(0, y), in_.width(), out.row(y));
        return out;
    }

  private:
    [[nodiscard]] std::size_t index(int x, int y) const {
        return static_cast<std::size_t>((y + kBorder) * stride_ + x + kBorder);
    }

    [[nodiscard]] float stepped(const float* pixel, const float* c) const {
        float flow = 0;
        for (const int neighbour : {-1, 1, -stride_, stride_})
            flow += (c[0] + c[neighbour]) / 2 * (pixel[neighbour] - pixel[0]);
        return pixel[0] + 0.5F / 4 * flow;
    }

    void repeat_border(std::vector<float>& values) const {
        for (int y = -kBorder; y < in_.height() + kBorder; ++y) {
            for (int x = -kBorder; x < in_.width() + kBorder; ++x) {
                if (x == 0 && y >= 0 && y < in_.height()) x = in_.width();
                values[index(x, y)] = values[index(std::clamp(x, 0, in_.width() - 1),
                                                   std::clamp(y, 0, in_.height() - 1))];
            }
        }
    }

    Image<float> in_;
    int stride_;
    std::vector<float> now_, then_, coefficients_;
};

/// Linear amplitudes: `speckle_frame` decompressed.
Image<float> amplitude_frame(int width, int height) {
    Image<float> frame = speckle_frame(width, height);
    filters::log_decompress(frame.view(), frame.view(), {60, 0, 255, 255});
    return frame;
}

}  // namespace

Entry guide_diffusion(const Case& c, const Diffusion& diffusion, PlainCoefficient coefficient,
                      double flops) {
    struct Frames {
        Image<float> in, out;
        filters::Workspace workspace;
    };
    auto frames = std::make_shared<Frames>();
    frames->in = amplitude_frame(c.width, c.height);
    frames->out = Image<float>(c.width, c.height);
    const auto pixels = static_cast<double>(frames->in.size());
    const double steps = kDiffusionSteps * pixels;
    return {[frames, diffusion, threads = c.threads] {
                diffusion(frames->in.view(), frames->out.view(), frames->workspace, {threads, {}});
            },
            [frames, coefficient] {
                PlainSteps plain(frames->in);
                plain.run(coefficient);
                const auto expected = plain.result();
                double largest = 0;
                for (std::size_t i = 0; i < expected.size(); ++i) {
                    largest = std::max<double>(
                        largest, std::abs(expected.data()[i] - frames->out.data()[i]));
                }
                return largest < 0.01 ? "" : "differs from the definition";
            },
            2 * pixels * sizeof(float), flops * steps, steps};
}

Entry itk_gradient_diffusion(const Case& c) {
    const Image<float> in = amplitude_frame(c.width, c.height);
    return {[run = itk_diffusion(in.view(), kDiffusionSteps, 2, c.threads)] { run(); }, {}};
}

Entry opencv_anisotropic_diffusion(const Case& c) {
    const Image<float> in = speckle_frame(c.width, c.height);
    struct Frames {
        cv::Mat3b in, out;
    };
    auto frames = std::make_shared<Frames>();
    frames->in.create(c.height, c.width);
    for (int y = 0; y < c.height; ++y) {
        for (int x = 0; x < c.width; ++x)
            frames->in(y, x) = cv::Vec3b::all(static_cast<unsigned char>(in.at(x, y)));
    }
    return {[frames, threads = c.threads] {
                cv::setNumThreads(threads);
                cv::ximgproc::anisotropicDiffusion(frames->in, frames->out, 0.1F, 0.02F,
                                                   kDiffusionSteps);
            },
            {}};
}

Entry plain_diffusion(const Case& c, PlainCoefficient coefficient) {
    auto steps = std::make_shared<PlainSteps>(amplitude_frame(c.width, c.height));
    return {[steps, coefficient] { steps->run(coefficient); }, {}};
}

}  // namespace guide::bench
